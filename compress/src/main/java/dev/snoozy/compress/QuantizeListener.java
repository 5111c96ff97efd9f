package dev.snoozy.compress;

/** Is told how quantizing goes, by the thread that writes. What it throws ends the work. */
public interface QuantizeListener {
    /** So many of the plan's elements are done. */
    void progress(long done);

    /**
     * A tensor is written.
     *
     * @param error of its elements as they come back, by the root of the mean square, relative to
     *     the elements themselves; 0 if its data stays as it is
     */
    void tensor(QuantizePlan.Choice choice, double error);
}
