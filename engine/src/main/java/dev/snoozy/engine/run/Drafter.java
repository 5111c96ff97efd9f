package dev.snoozy.engine.run;

/** Guesses how one text goes on. Used by the scheduler's thread, which also closes it. */
interface Drafter extends AutoCloseable {
    /** What is guessed where there is nothing to go by. */
    int[] NONE = {};

    /**
     * The tokens that may come next.
     *
     * @param text the tokens so far, in its first {@code length} places
     * @param most the most to guess, at least 1
     * @return at most so many
     */
    int[] guess(int[] text, int length, int most);

    @Override
    void close();
}
