package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.Text.LETTER;
import static dev.snoozy.text.tokenizer.Text.LOWER;
import static dev.snoozy.text.tokenizer.Text.MARK;
import static dev.snoozy.text.tokenizer.Text.NUMBER;
import static dev.snoozy.text.tokenizer.Text.SPACE;
import static dev.snoozy.text.tokenizer.Text.UPPER;

/**
 * The expression that splits text into words, numbers, punctuation and white space, in the many
 * forms that go back to cl100k and o200k:
 *
 * <pre>
 * (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3}
 *   | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
 * </pre>
 *
 * @param contractions where {@code 're} and the like are pieces
 * @param letters what a word is
 * @param digits how many digits a piece holds at most
 * @param tail characters that follow punctuation into its piece
 * @param tails how many of them at most
 */
record Words(Contractions contractions, Letters letters, int digits, String tail, int tails)
        implements Stage.Match {
    enum Contractions {
        NONE,
        /** A piece of their own: {@code I|'ll}. */
        APART,
        /** The end of the word before them: {@code I'll}. */
        JOINED
    }

    enum Letters {
        /** {@code \p{L}+}. */
        PLAIN,
        /** {@code [\p{L}\p{M}]+}. */
        MARKED,
        /** Upper case, then lower case; a piece ends where upper case comes after lower case. */
        CASED,
        /** As CASED, with Chinese characters in pieces of their own. */
        CASED_BUT_HAN,
        /** {@code (?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+}: words with single spaces between. */
        PHRASES
    }

    static Words cl100k(int digits) {
        return new Words(Contractions.APART, Letters.PLAIN, digits, "\r\n", Integer.MAX_VALUE);
    }

    static Words o200k(Contractions contractions, int digits) {
        return new Words(contractions, Letters.CASED, digits, "\r\n/", Integer.MAX_VALUE);
    }

    Words with(Letters other) {
        return new Words(contractions, other, digits, tail, tails);
    }

    Words with(Contractions other) {
        return new Words(other, letters, digits, tail, tails);
    }

    Words withTail(String characters, int atMost) {
        return new Words(contractions, letters, digits, characters, atMost);
    }

    @Override
    public int at(Text text, int at, int to) {
        if (contractions == Contractions.APART) {
            int end = contraction(text, at, to, true);
            if (end > at) {
                return end;
            }
        }
        if (letters == Letters.CASED_BUT_HAN && isHan(text.point(at))) {
            return hanRun(text, at, to);
        }
        int end = word(text, at, to);
        if (end > at) {
            return contractions == Contractions.JOINED ? contraction(text, end, to, true) : end;
        }
        if (text.is(at, NUMBER)) {
            return text.run(at, (int) Math.min(to, (long) at + digits), NUMBER);
        }
        end = punctuation(text, at, to);
        return end > at ? end : spaces(text, at, to, true);
    }

    /** The end of {@code 's 't 're 've 'm 'll 'd}, or {@code at}. */
    static int contraction(Text text, int at, int to, boolean ignoreCase) {
        if (at + 1 >= to || text.point(at) != '\'') {
            return at;
        }
        int first = lower(text.point(at + 1), ignoreCase);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return at + 2;
        }
        int second = at + 2 < to ? lower(text.point(at + 2), ignoreCase) : -1;
        boolean two =
                first == 'r' && second == 'e'
                        || first == 'v' && second == 'e'
                        || first == 'l' && second == 'l';
        return two ? at + 3 : at;
    }

    private static int lower(int point, boolean ignoreCase) {
        return ignoreCase && point >= 'A' && point <= 'Z' ? point + 32 : point;
    }

    /** The end of a word with one other character in front of it or none, or {@code at}. */
    private int word(Text text, int at, int to) {
        boolean prefix = !text.isLineEnd(at) && !text.is(at, LETTER | NUMBER);
        return switch (letters) {
            case PLAIN -> plain(text, at, to, prefix);
            case MARKED -> marked(text, at, to, prefix);
            case PHRASES -> phrase(text, at, to, prefix);
            case CASED, CASED_BUT_HAN -> cased(text, at, to, prefix);
        };
    }

    private static int plain(Text text, int at, int to, boolean prefix) {
        int start = prefix ? at + 1 : at;
        int end = text.run(start, to, LETTER);
        return end > start ? end : at;
    }

    private static int marked(Text text, int at, int to, boolean prefix) {
        if (!prefix) {
            return text.run(at, to, LETTER | MARK);
        }
        int end = text.run(at + 1, to, LETTER | MARK);
        return end > at + 1 || text.is(at, MARK) ? end : at;
    }

    private static int phrase(Text text, int at, int to, boolean prefix) {
        int start = prefix ? at + 1 : at;
        if (start >= to || !text.is(start, LETTER)) {
            return at;
        }
        int end = start;
        while (end < to
                && (text.is(end, LETTER | MARK)
                        || text.point(end) == ' ' && end + 1 < to && text.is(end + 1, LETTER))) {
            end++;
        }
        return end;
    }

    private int cased(Text text, int at, int to, boolean prefix) {
        if (prefix) {
            int end = lowerEnd(text, at + 1, to);
            if (end > at + 1) {
                return end;
            }
        }
        int end = lowerEnd(text, at, to);
        if (end > at) {
            return end;
        }
        if (prefix) {
            end = upperEnd(text, at + 1, to);
            if (end > at + 1) {
                return end;
            }
        }
        return upperEnd(text, at, to);
    }

    /** The end of {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+}, or at. */
    private int lowerEnd(Text text, int at, int to) {
        int middle = caseRun(text, at, to, UPPER);
        int end = caseRun(text, middle, to, LOWER);
        if (end > middle) {
            return end;
        }
        // The first part gives back until it ends before a character that is of both kinds.
        while (middle > at && !text.is(middle - 1, LOWER)) {
            middle--;
        }
        return middle;
    }

    /** The end of {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*}, or at. */
    private int upperEnd(Text text, int at, int to) {
        int middle = caseRun(text, at, to, UPPER);
        return middle > at ? caseRun(text, middle, to, LOWER) : at;
    }

    private int caseRun(Text text, int at, int to, int kind) {
        if (letters == Letters.CASED) {
            return text.run(at, to, kind);
        }
        int end = at;
        while (end < to && text.is(end, kind) && !isHan(text.point(end))) {
            end++;
        }
        return end;
    }

    private static int hanRun(Text text, int at, int to) {
        int end = at;
        while (end < to && isHan(text.point(end))) {
            end++;
        }
        return end;
    }

    private static boolean isHan(int point) {
        return point >= 0x2E80 && Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN;
    }

    /** The end of {@code ?[^\s\p{L}\p{N}]+} and its tail, or {@code at}. */
    private int punctuation(Text text, int at, int to) {
        int other = LETTER | NUMBER | SPACE | (letters == Letters.MARKED ? MARK : 0);
        int start = text.point(at) == ' ' ? at + 1 : at;
        int end = text.runWithout(start, to, other);
        return end == start ? at : tail(text, end, to);
    }

    private int tail(Text text, int at, int to) {
        int end = at;
        while (end < to && end - at < tails && tail.indexOf(text.point(end)) >= 0) {
            end++;
        }
        return end;
    }

    /**
     * White space at a place: {@code \s*[\r\n]+|\s+(?!\S)|\s+}. Of several white-space characters
     * the last goes to what follows.
     *
     * @param lines whether the first alternative counts, which ends a piece behind a line
     */
    static int spaces(Text text, int at, int to, boolean lines) {
        int end = text.run(at, to, SPACE);
        for (int i = end; lines && i > at; i--) {
            if (text.isLineEnd(i - 1)) {
                return i;
            }
        }
        if (end == at) {
            return ~(at + 1);
        }
        return end < to && end - at > 1 ? end - 1 : end;
    }
}
