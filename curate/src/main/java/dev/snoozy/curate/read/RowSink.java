package dev.snoozy.curate.read;

/** Takes rows, one after the other. */
@FunctionalInterface
public interface RowSink {
    /**
     * Takes a row.
     *
     * @throws InterruptedException if no more are wanted
     */
    void accept(RawRow row) throws InterruptedException;
}
