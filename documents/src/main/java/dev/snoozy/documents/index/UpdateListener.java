package dev.snoozy.documents.index;

/** Is told how an update goes on, on the thread of whoever asked for it. */
@FunctionalInterface
public interface UpdateListener {
    /**
     * A file is done, or it is known how many there are.
     *
     * @param done files so far
     * @param total files whose state was to be looked at
     * @param state of the file that was done; of one that had not changed too
     * @param changed whether it was read anew
     */
    void file(int done, int total, FileState state, boolean changed);
}
