package dev.snoozy.curate.map;

/**
 * The rows that a map shows, one at a time, so that they may lie on the disk. Asked by one thread,
 * often.
 */
public interface MapRows {
    /** What the search for duplicates said of a row. */
    enum DuplicateClass {
        UNIQUE,
        /** Kept; others like it were removed, or would be. */
        KEPT,
        EXACT,
        NEAR,
        SEMANTIC
    }

    int size();

    /** The name by which a recipe removes the row. */
    String id(int row);

    String source(int row);

    String prompt(int row);

    String response(int row);

    default DuplicateClass duplicate(int row) {
        return DuplicateClass.UNIQUE;
    }

    /** Mean loss of a model on the response, NaN if nobody measured it. */
    default double loss(int row) {
        return Double.NaN;
    }
}
