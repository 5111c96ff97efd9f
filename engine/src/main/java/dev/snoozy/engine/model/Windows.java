package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;

import java.util.Arrays;

/**
 * How far each layer sees, in the models where layers with a sliding window and layers that see
 * everything take turns (Beltagy et al. 2020, Longformer). Positions per layer, its own included; 0
 * for all.
 */
final class Windows {
    private static final String WINDOW = "attention.sliding_window";
    private static final String PATTERN = "attention.sliding_window_pattern";

    private Windows() {}

    /**
     * The windows of a file, all 0 if it has none.
     *
     * @param period of so many layers the last one sees everything, where the file does not say how
     *     they take turns
     */
    static int[] lastOfEach(ModelConfig config, int period) {
        return of(config, period, period - 1, config.integer(WINDOW, 0));
    }

    /** The same with a window where the file has none. */
    static int[] lastOfEach(ModelConfig config, int period, int usual) {
        return of(config, period, period - 1, config.integer(WINDOW, usual));
    }

    /** As {@link #lastOfEach}, but the first layer of each period sees everything. */
    static int[] firstOfEach(ModelConfig config, int period) {
        return of(config, period, 0, config.integer(WINDOW, 0));
    }

    private static int[] of(ModelConfig config, int otherwise, int place, int window) {
        int[] windows = new int[config.layers()];
        if (window < 0) {
            throw new ModelException(
                    config.key(WINDOW) + ": expected a number of positions, found " + window);
        }
        if (window == 0) {
            return windows;
        }
        if (config.get(PATTERN) instanceof boolean[] slides) {
            if (slides.length < windows.length) {
                throw new ModelException(
                        config.key(PATTERN)
                                + ": expected "
                                + windows.length
                                + " layers, found "
                                + slides.length);
            }
            Arrays.setAll(windows, i -> slides[i] ? window : 0);
            return windows;
        }
        int period = config.integer(PATTERN, otherwise);
        if (period < 1) {
            throw new ModelException(
                    config.key(PATTERN) + ": expected a number of layers, found " + period);
        }
        int full = place == 0 ? 0 : period - 1;
        Arrays.setAll(windows, i -> i % period == full ? 0 : window);
        return windows;
    }
}
