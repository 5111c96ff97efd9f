package dev.snoozy.eval;

import java.util.List;

/**
 * A part of some items that were right.
 *
 * @param right items
 * @param all items
 */
public record Share(int right, int all) {
    static Share of(List<ItemResult> items, boolean byLength) {
        int right = (int) items.stream().filter(item -> item.isRight(byLength)).count();
        return new Share(right, items.size());
    }

    /** From 0 to 1. */
    public double value() {
        return all == 0 ? Double.NaN : (double) right / all;
    }

    /** Standard error: of the sample, divided by the root of n - 1. */
    public double error() {
        return all < 2 ? Double.NaN : Math.sqrt(value() * (1 - value()) / (all - 1));
    }
}
