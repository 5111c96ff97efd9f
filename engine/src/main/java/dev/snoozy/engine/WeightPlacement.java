package dev.snoozy.engine;

/** Where the weights of a model lie while it runs. The results do not depend on it. */
public enum WeightPlacement {
    /** Packed if the memory that is free allows it, mapped otherwise. */
    AUTO,
    /**
     * In memory, in the order in which products read them: made when the model is loaded, and as
     * large as its file.
     */
    PACKED,
    /**
     * In their file, whose pages the system keeps or drops as it has room. Much slower, since each
     * product packs what it reads.
     */
    MAPPED
}
