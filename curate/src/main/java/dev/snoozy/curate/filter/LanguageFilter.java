package dev.snoozy.curate.filter;

import java.util.List;

/** See {@link FilterKind#LANGUAGE}. */
record LanguageFilter(List<String> keep, double share) implements RowFilter {
    static final Thresholds DEFAULTS = Thresholds.of("keep", List.of("en"), "share", 0.65);

    LanguageFilter(Thresholds thresholds) {
        this(list(thresholds), thresholds.number("share"));
        for (String language : keep) {
            if (!Language.names().contains(language)) {
                throw new IllegalArgumentException(
                        "keep: \"" + language + "\" is not known; known are " + Language.names());
            }
        }
    }

    private static List<String> list(Thresholds thresholds) {
        return ((List<?>) thresholds.values().getOrDefault("keep", List.of()))
                .stream().map(String::valueOf).toList();
    }

    @Override
    public String name() {
        return FilterKind.LANGUAGE.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        for (String text : List.of(row.response(), row.prompt())) {
            Language.Guess guess = Language.of(text);
            if (guess.share() >= share && !keep.contains(guess.language())) {
                return new Verdict.Remove(
                        "%s (%.0f %% of what tells)"
                                .formatted(guess.language(), 100 * guess.share()));
            }
        }
        return Verdict.KEEP;
    }
}
