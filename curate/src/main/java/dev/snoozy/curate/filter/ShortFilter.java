package dev.snoozy.curate.filter;

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
    public Verdict judge(RowTexts row) {
        String prompt = row.prompt().strip();
        int length = prompt.codePointCount(0, prompt.length());
        if (length < characters) {
            return new Verdict.Remove(
                    "a prompt of %d characters, at least %d".formatted(length, characters));
        }
        String response = row.response();
        int count = row.responseWords().length;
        // A lone sign, such as the answer "-", is a word here: it was not empty.
        count = count == 0 && !response.isBlank() ? 1 : count;
        return count < words
                ? new Verdict.Remove("a response of %d words, at least %d".formatted(count, words))
                : Verdict.KEEP;
    }
}
