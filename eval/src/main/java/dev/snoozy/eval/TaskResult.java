package dev.snoozy.eval;

import java.util.List;

/**
 * What a model came to in a task.
 *
 * @param task the task
 * @param sha256 digest of the task's file
 * @param items by their positions in the set
 */
public record TaskResult(Task task, String sha256, List<ItemResult> items) {
    public TaskResult {
        items = List.copyOf(items);
    }

    /** By the likeliest answer. */
    public Share accuracy() {
        return Share.of(items, false);
    }

    /** By the likeliest answer for its length. */
    public Share normalisedAccuracy() {
        return Share.of(items, true);
    }

    /** The figure that is published for the task: one of the two. */
    public Share published() {
        return task.normalised() ? normalisedAccuracy() : accuracy();
    }

    /** Items whose text the context had no room for. */
    public long truncated() {
        return items.stream().filter(ItemResult::truncated).count();
    }

    /** Tokens that evaluating each answer alone takes, of items that fit. */
    public long naiveTokens() {
        return items.stream().filter(i -> !i.truncated()).mapToLong(ItemResult::naive).sum();
    }

    /** Tokens that were evaluated, of items that fit. */
    public long evaluatedTokens() {
        return items.stream().filter(i -> !i.truncated()).mapToLong(ItemResult::evaluated).sum();
    }
}
