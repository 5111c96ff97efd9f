package dev.snoozy.tune;

import java.util.List;

/**
 * What is generated at each measurement, with the adapter as it is then, taking the likeliest token
 * each time. Nothing of it changes the training. Immutable.
 *
 * @param prompts what is asked; if empty, the first questions of the rows that are measured
 * @param count how many of those; 0 for none
 * @param tokens the most of an answer, which is also as long as the longest text at most
 */
public record SampleOptions(List<String> prompts, int count, int tokens) {
    private static final int MOST = 64;
    private static final int USUAL_COUNT = 3;
    private static final int USUAL_TOKENS = 64;

    /** Answers to the first three questions. */
    public static final SampleOptions USUAL =
            new SampleOptions(List.of(), USUAL_COUNT, USUAL_TOKENS);

    /** No samples. */
    public static final SampleOptions NONE = new SampleOptions(List.of(), 0, 1);

    public SampleOptions {
        prompts = List.copyOf(prompts);
        if (prompts.size() > MOST || count < 0 || count > MOST) {
            throw new IllegalArgumentException(
                    "samples: expected 0 to "
                            + MOST
                            + ", found "
                            + Math.max(count, prompts.size()));
        }
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "tokens of a sample: expected 1 or more, found " + tokens);
        }
    }
}
