package dev.snoozy.curate.decontaminate;

/**
 * A test item in a row of training data.
 *
 * @param word where the first match begins in the row, in words
 */
public record Leak(String task, int index, Kind kind, int word) {
    /** How it was recognised. */
    public enum Kind {
        /** {@link TestItems#FRAGMENT} words in a row are those of the item. */
        FRAGMENT,
        /** The whole question, which is shorter than a fragment. */
        QUESTION,
        /** A short question together with all that belongs to it. */
        ITEM
    }
}
