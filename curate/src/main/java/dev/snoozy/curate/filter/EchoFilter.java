package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.records.DataRecord;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * See {@link FilterKind#ECHO}. The response begins with the whole prompt, or all but some of its
 * words stand in sequences of five that the prompt has too, and it is about as long: extracts from a
 * long prompt are shorter, corrections of a text change it.
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
        if (response.size() >= prompt.size()
                && response.subList(0, prompt.size()).equals(prompt)) {
            return new Verdict.Remove("the response begins with the prompt");
        }
        boolean alike =
                response.size() >= share * prompt.size() && prompt.size() >= share * response.size();
        double same = alike ? same(prompt, response) : 0;
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
