package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

/** Budgets, so that no grammar takes much memory or time. They are listed in docs/grammars.md. */
final class Limits {
    /** Characters of a source text, or of all choices together. */
    static final int SOURCE = 4 << 20;

    /** Parentheses within each other in GBNF and regular expressions. */
    static final int NESTING = 200;

    /** Rules of a grammar. */
    static final int RULES = 50_000;

    /** States of the automaton before those of equal meaning are joined. */
    static final int STATES = 500_000;

    /** Edges of the automaton. */
    static final int EDGES = 2_000_000;

    /**
     * Steps of the work that joins states; where they do not suffice, the automaton stays as is.
     */
    static final int JOINING = 10_000_000;

    /** Bytes of the shortest text of a grammar. */
    static final int SHORTEST = 1 << 20;

    /** Ways to go on that are followed at the same time. */
    static final int STACKS = 4096;

    /** Calls within each other. */
    static final int DEPTH = 2000;

    /** Steps of the search for the tokens that may come next. */
    static final int MASK_WORK = 4_000_000;

    private Limits() {}

    static TextException exceeded(String what, long most) {
        return new TextException(
                "the grammar needs more than "
                        + most
                        + " "
                        + what
                        + "; cure: a smaller grammar, or smaller numbers of repetitions");
    }

    static void checkSource(String what, long length) {
        if (length > SOURCE) {
            throw new TextException(
                    what + ": found " + length + " characters, expected at most " + SOURCE);
        }
    }
}
