package dev.snoozy.cook;

/** Hears what a cook does. Called on the thread that cooks. */
public interface CookListener {
    /** Hears nothing. */
    CookListener SILENT = new CookListener() {};

    /**
     * A stage begins, or is found done.
     *
     * @param stage its name, such as {@code tune} or {@code evaluate/after-Q8_0}
     * @param number from 1
     * @param of the stages of the recipe
     * @param done whether an earlier run has done it
     */
    default void begins(String stage, int number, int of, boolean done) {}

    /** What the stage is at, in a few words; with how long it will take, where that is known. */
    default void progress(String text) {}

    /** Something that the user should know. */
    default void note(String text) {}
}
