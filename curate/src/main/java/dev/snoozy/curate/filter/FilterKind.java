package dev.snoozy.curate.filter;

import java.util.Locale;
import java.util.function.Function;

/** The filters there are, in the order in which a row meets them. */
public enum FilterKind {
    /** No prompt, no response, or no words in one of them. */
    EMPTY(true, Thresholds.of(), t -> new EmptyFilter()),
    /** Fewer characters of the prompt or words of the response than asked for. */
    SHORT(true, Thresholds.of("prompt-characters", 2, "response-words", 1), ShortFilter::new),
    /** The assistant speaks of itself as a program, or will not answer. */
    REFUSAL(true, Thresholds.of("first-characters", 400), RefusalFilter::new),
    /** Code fences without an end, JSON that is none, text decoded wrongly. */
    BROKEN(true, Thresholds.of(), t -> new BrokenFilter()),
    /** The response goes round in circles (the measures of Gopher, Rae et al. 2021, table A1). */
    REPETITION(true, RepetitionFilter.DEFAULTS, RepetitionFilter::new),
    /** The response stops in the middle of a sentence. */
    TRUNCATED(true, Thresholds.of("words", 30), TruncatedFilter::new),
    /** The response repeats the prompt. */
    ECHO(true, Thresholds.of("words", 8, "share", 0.95), EchoFilter::new),
    /** Texts in other languages than those asked for. */
    LANGUAGE(false, LanguageFilter.DEFAULTS, LanguageFilter::new),
    /** Data of persons: addresses, numbers of cards and accounts, keys. */
    PERSONAL_DATA(true, Thresholds.of("action", "replace"), PersonalDataFilter::new);

    private final boolean usual;
    private final Thresholds defaults;
    private final Function<Thresholds, RowFilter> maker;

    FilterKind(boolean usual, Thresholds defaults, Function<Thresholds, RowFilter> maker) {
        this.usual = usual;
        this.defaults = defaults;
        this.maker = maker;
    }

    /** The name in a recipe. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is used if nobody says anything. */
    public boolean usual() {
        return usual;
    }

    public Thresholds defaults() {
        return defaults;
    }

    /**
     * The filter with these settings.
     *
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public RowFilter make(Thresholds thresholds) {
        return maker.apply(thresholds);
    }
}
