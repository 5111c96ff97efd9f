package dev.snoozy.compress.perplexity;

/**
 * A figure that was measured on a sample.
 *
 * @param value of the sample
 * @param error its standard error
 */
public record Estimate(double value, double error) {
    /** {@code f(x)} with the slope of f at x. */
    Estimate map(double mapped, double slope) {
        return new Estimate(mapped, Math.abs(slope) * error);
    }
}
