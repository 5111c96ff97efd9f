package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;

import org.jspecify.annotations.Nullable;

/**
 * One of the models that a cook judges.
 *
 * @param tuned whether it is the result, or else the base
 * @param mixture it is quantized to; null for the model as it is
 */
record Variant(boolean tuned, @Nullable Mixture mixture) {
    /** Such as {@code before} and {@code after-Q8_0}. */
    String name() {
        String when = tuned ? "after" : "before";
        return mixture == null ? when : when + "-" + mixture.name();
    }

    /** What a table calls its type. */
    String type() {
        return mixture == null ? "as it is" : mixture.name();
    }
}
