package dev.snoozy.hub;

/** Is told how a pull goes, by the thread that pulls. What it throws ends the pull. */
public interface PullListener {
    /** Hears nothing. */
    PullListener NONE = progress -> {};

    /** About ten times a second, and when another phase begins. */
    void progress(PullProgress progress);

    /** Something that whoever waits should know, such as that a file has no digest. */
    default void note(String what) {}

    /** The model is in the store, which is the last to be heard. */
    default void stored(StoredModel model) {}
}
