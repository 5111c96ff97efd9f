package dev.snoozy.tune;

/**
 * A step of training.
 *
 * @param step from 1
 * @param steps in all
 * @param loss in nats per learnt token, before the step
 * @param rate the learning rate
 * @param norm of the gradients, before they are clipped
 * @param tokens that were evaluated
 * @param operations of the products by their shapes, two for each multiplication with its addition:
 *     with the weights forward and, transposed, backward, and those of the adapters. What is
 *     computed a second time for the backward is not counted, nor are attention and what goes
 *     element by element
 * @param seconds that it took
 * @param heapBytes in use on the Java heap
 */
public record StepReport(
        int step,
        int steps,
        double loss,
        double rate,
        double norm,
        int tokens,
        long operations,
        double seconds,
        long heapBytes) {
    /** Tokens per second. */
    public double speed() {
        return tokens / seconds;
    }

    /** Billions of {@link #operations} per second. */
    public double gflops() {
        return operations / seconds / 1e9;
    }
}
