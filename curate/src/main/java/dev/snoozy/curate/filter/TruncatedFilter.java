package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * See {@link FilterKind#TRUNCATED}. Whoever made the row may have said so ({@code finish_reason} is
 * {@code length}). Otherwise prose is looked at whose last line is a sentence that does not end, or
 * any text that ends in a word after which something must follow.
 */
record TruncatedFilter(int words) implements RowFilter {
    private static final Pattern SENTENCE = Pattern.compile("[.!?][\"')\\]]*(?:\\s|$)");
    private static final Pattern CODE = Pattern.compile("(?m)^[ \\t]*```|[{};]\\s*$|^\\s*</?\\w+>");
    private static final Pattern LIST = Pattern.compile("^\\s*(?:[-*\u2022#|>]|\\d+[.)])");
    private static final int SENTENCES = 3;
    private static final int WORDS_OF_LAST_LINE = 8;
    private static final Set<String> OPEN =
            Set.of(
                    "the", "a", "an", "and", "or", "of", "to", "with", "for", "from", "by", "but",
                    "because", "which", "whose", "into", "than", "their", "your", "our", "its");

    TruncatedFilter(Thresholds thresholds) {
        this(thresholds.whole("words"));
    }

    @Override
    public String name() {
        return FilterKind.TRUNCATED.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        if (row.row().meta().getOrDefault("finish_reason", "").equals("length")) {
            return new Verdict.Remove("its maker reached the limit of tokens");
        }
        String response = row.response().stripTrailing();
        int end = response.isEmpty() ? '.' : response.codePointBefore(response.length());
        // How the text ends is told before its words are counted: most texts end well.
        if (end != ',' && !Character.isLetter(end)
                || row.responseWords().length < words
                || CODE.matcher(response).find()) {
            return Verdict.KEEP;
        }
        if (end == ',') {
            return new Verdict.Remove("ends in a comma");
        }
        String last = Normaliser.words(response).getLast();
        if (OPEN.contains(last)) {
            return new Verdict.Remove("ends in \"" + last + "\"");
        }
        String line = response.substring(response.lastIndexOf('\n') + 1);
        boolean prose = SENTENCE.matcher(response).results().count() >= SENTENCES;
        boolean whole = RowTexts.words(line).length >= WORDS_OF_LAST_LINE;
        if (prose && whole && !LIST.matcher(line).find() && SENTENCE.matcher(line).find()) {
            return new Verdict.Remove("ends within a sentence");
        }
        return Verdict.KEEP;
    }
}
