package dev.snoozy.engine;

/**
 * An adapter of a text.
 *
 * @param adapter that the model has loaded
 * @param scale multiplied with the adapter's own: 1 as it was trained, 0 for nothing of it; any
 *     finite number
 */
public record AdapterUse(Adapter adapter, float scale) {
    public AdapterUse {
        if (!Float.isFinite(scale)) {
            throw new IllegalArgumentException(
                    "scale of the adapter " + adapter + ": expected a number, found " + scale);
        }
    }
}
