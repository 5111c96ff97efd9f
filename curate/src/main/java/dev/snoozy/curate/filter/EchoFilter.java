package dev.snoozy.curate.filter;

import java.util.Arrays;

/**
 * See {@link FilterKind#ECHO}. The response begins with the whole prompt, or nearly all words of
 * either stand in sequences of five that the other has too. An answer in a whole sentence repeats
 * most of its question, and an extract is all from the prompt: neither is an echo.
 */
record EchoFilter(int words, double share) implements RowFilter {
    private static final int SEQUENCE = 5;

    EchoFilter(Thresholds thresholds) {
        this(thresholds.whole("words"), thresholds.number("share"));
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share: " + share + ", expected above 0 to 1");
        }
    }

    @Override
    public String name() {
        return FilterKind.ECHO.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        int[] prompt = row.promptWords();
        int[] response = row.responseWords();
        if (prompt.length < words || response.length < words) {
            return Verdict.KEEP;
        }
        if (Arrays.mismatch(prompt, response) == prompt.length || Arrays.equals(prompt, response)) {
            return new Verdict.Remove("the response begins with the prompt");
        }
        double same = same(prompt, response);
        same = same < share ? same : Math.min(same, same(response, prompt));
        return same >= share
                ? new Verdict.Remove("%.0f %% of the response is the prompt".formatted(100 * same))
                : Verdict.KEEP;
    }

    private static double same(int[] prompt, int[] response) {
        HashCounts sequences = new HashCounts(prompt.length);
        for (int i = 0; i + SEQUENCE <= prompt.length; i++) {
            sequences.add(WordSequences.hash(prompt, i, SEQUENCE));
        }
        int same = 0;
        int counted = 0;
        for (int i = 0; i + SEQUENCE <= response.length; i++) {
            if (sequences.has(WordSequences.hash(response, i, SEQUENCE))) {
                same += i + SEQUENCE - Math.max(i, counted);
                counted = i + SEQUENCE;
            }
        }
        return (double) same / response.length;
    }
}
