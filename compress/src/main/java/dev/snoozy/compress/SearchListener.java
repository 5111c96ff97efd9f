package dev.snoozy.compress;

/** Is told how the search for types goes; on the thread that searches. */
public interface SearchListener {
    /** Says nothing. */
    SearchListener SILENT = new SearchListener() {};

    /** The errors of so many tensors are known. */
    default void measured(int tensors, int all) {}

    /** The model has read the probe with so many groups of tensors changed. */
    default void probed(int groups, int all) {}
}
