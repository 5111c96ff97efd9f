package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.records.DataRecord;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    public Verdict judge(DataRecord row) {
        List<String> prompt = Normaliser.words(row.prompt());
        List<String> response = Normaliser.words(row.response());
        if (prompt.size() < words || response.size() < words) {
            return Verdict.KEEP;
        }
        if (response.size() >= prompt.size() && response.subList(0, prompt.size()).equals(prompt)) {
            return new Verdict.Remove("the response begins with the prompt");
        }
        double same = Math.min(same(prompt, response), same(response, prompt));
        return same >= share
                ? new Verdict.Remove("%.0f %% of the response is the prompt".formatted(100 * same))
                : Verdict.KEEP;
    }

    private static double same(List<String> prompt, List<String> response) {
        Set<List<String>> sequences = new HashSet<>();
        for (int i = 0; i + SEQUENCE <= prompt.size(); i++) {
            sequences.add(prompt.subList(i, i + SEQUENCE));
        }
        int same = 0;
        int counted = 0;
        for (int i = 0; i + SEQUENCE <= response.size(); i++) {
            if (sequences.contains(response.subList(i, i + SEQUENCE))) {
                same += i + SEQUENCE - Math.max(i, counted);
                counted = i + SEQUENCE;
            }
        }
        return (double) same / response.size();
    }
}
