package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.records.DataRecord;

/** See {@link FilterKind#SHORT}. */
record ShortFilter(int characters, int words) implements RowFilter {
    ShortFilter(Thresholds thresholds) {
        this(thresholds.whole("prompt-characters"), thresholds.whole("response-words"));
    }

    @Override
    public String name() {
        return FilterKind.SHORT.title();
    }

    @Override
    public Verdict judge(DataRecord row) {
        String prompt = row.prompt().strip();
        int length = prompt.codePointCount(0, prompt.length());
        if (length < characters) {
            return new Verdict.Remove(
                    "a prompt of %d characters, at least %d".formatted(length, characters));
        }
        String response = row.response();
        int count = Normaliser.words(response).size();
        // A lone sign, such as the answer "-", is a word here: it was not empty.
        count = count == 0 && !response.isBlank() ? 1 : count;
        return count < words
                ? new Verdict.Remove("a response of %d words, at least %d".formatted(count, words))
                : Verdict.KEEP;
    }
}
