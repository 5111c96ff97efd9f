package dev.snoozy.compress.perplexity;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** Numbers that were measured one by one, and what is said of them together. */
final class Sample {
    private double[] values = new double[256];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    static <T> Sample of(Iterable<T> items, ToDoubleFunction<T> value) {
        Sample sample = new Sample();
        items.forEach(item -> sample.add(value.applyAsDouble(item)));
        return sample;
    }

    int size() {
        return size;
    }

    /** The mean, with the standard error of independent draws. */
    Estimate mean() {
        return new Estimate(average(), Math.sqrt(Math.max(0, covariance(this))));
    }

    /** The covariance of two means of the same draws. */
    double covariance(Sample other) {
        double a = average();
        double b = other.average();
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += (values[i] - a) * (other.values[i] - b);
        }
        return size < 2 ? 0 : sum / size / (size - 1);
    }

    private double average() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i];
        }
        return sum / size;
    }

    /** Values at parts of the sorted sample, with straight lines between its elements. */
    double[] quantiles(double... parts) {
        double[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        double[] found = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            double at = parts[i] * (size - 1);
            int low = (int) at;
            int high = Math.min(low + 1, size - 1);
            found[i] = sorted[low] + (at - low) * (sorted[high] - sorted[low]);
        }
        return found;
    }
}
