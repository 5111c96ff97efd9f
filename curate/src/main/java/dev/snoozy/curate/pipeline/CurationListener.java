package dev.snoozy.curate.pipeline;

/** Is told what goes on, by the thread that runs the curation. */
public interface CurationListener {
    /** Listens to nothing. */
    CurationListener NONE = new CurationListener() {};

    /** Something begins: {@code reading}, say. */
    default void begins(String what) {}

    /**
     * How far that is.
     *
     * @param of the whole, 0 if nobody knows
     */
    default void done(long amount, long of) {}

    /** Something that the user should know. */
    default void note(String text) {}
}
