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
        double seconds,
        long heapBytes) {
    /** Tokens per second. */
    public double speed() {
        return tokens / seconds;
    }
}
