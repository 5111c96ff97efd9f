package dev.snoozy.server.generate;

import dev.snoozy.engine.SamplingOptions;

/** Seeds of several answers to one request. */
public final class Seeds {
    private Seeds() {}

    /** The options of an answer: the first has the given seed, the others those that follow. */
    public static SamplingOptions of(SamplingOptions options, int index) {
        if (index == 0 || options.seed().isEmpty()) {
            return options;
        }
        return options.toBuilder().seed(options.seed().getAsLong() + index).build();
    }
}
