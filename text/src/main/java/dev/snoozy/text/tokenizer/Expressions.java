package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.Text.LETTER;
import static dev.snoozy.text.tokenizer.Text.MARK;
import static dev.snoozy.text.tokenizer.Text.NUMBER;
import static dev.snoozy.text.tokenizer.Text.PUNCTUATION;
import static dev.snoozy.text.tokenizer.Text.SPACE;
import static dev.snoozy.text.tokenizer.Text.SYMBOL;

import dev.snoozy.text.tokenizer.Stage.Match;

/** The smaller expressions of pre-tokenizers. Each comment has the expression. */
final class Expressions {
    private Expressions() {}

    /** {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. */
    static int gpt2(Text text, int at, int to) {
        int end = Words.contraction(text, at, to, false);
        if (end > at) {
            return end;
        }
        int start = text.point(at) == ' ' && at + 1 < to ? at + 1 : at;
        if (text.is(start, SPACE)) {
            return Words.spaces(text, at, to, false);
        }
        if (text.is(start, LETTER)) {
            return text.run(start, to, LETTER);
        }
        return text.is(start, NUMBER)
                ? text.run(start, to, NUMBER)
                : text.runWithout(start, to, SPACE | LETTER | NUMBER);
    }

    /**
     * {@code [ASCII punctuation][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|
     * ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+} (deepseek-v3).
     */
    static int deepseek3(Text text, int at, int to) {
        int end = deepseek3Word(text, at, to);
        if (end == at) {
            end = marks(text, at, to);
            while (end > at && end < to && text.isLineEnd(end)) {
                end++;
            }
        }
        return end > at ? end : Words.spaces(text, at, to, true);
    }

    /** As {@link #deepseek3} without the line ends behind punctuation, each of them a piece. */
    static int spark(Text text, int at, int to) {
        int end = deepseek3Word(text, at, to);
        if (end == at) {
            end = marks(text, at, to);
        }
        if (end == at && text.isLineEnd(at)) {
            end = at + 1;
        }
        return end > at ? end : Words.spaces(text, at, to, false);
    }

    private static int deepseek3Word(Text text, int at, int to) {
        int first = text.point(at);
        if (first < 0x80 && text.is(at, PUNCTUATION | SYMBOL)) {
            int end = at + 1;
            while (end < to && isAsciiLetter(text.point(end))) {
                end++;
            }
            if (end > at + 1) {
                return end;
            }
        }
        boolean prefix = !text.isLineEnd(at) && !text.is(at, LETTER | PUNCTUATION | SYMBOL);
        if (!prefix) {
            return text.run(at, to, LETTER | MARK);
        }
        int end = text.run(at + 1, to, LETTER | MARK);
        return end > at + 1 || text.is(at, MARK) ? end : at;
    }

    /** {@code ?[\p{P}\p{S}]+}. */
    private static int marks(Text text, int at, int to) {
        int start = text.point(at) == ' ' ? at + 1 : at;
        int end = text.run(start, to, PUNCTUATION | SYMBOL);
        return end > start ? end : at;
    }

    private static boolean isAsciiLetter(int point) {
        return point >= 'a' && point <= 'z' || point >= 'A' && point <= 'Z';
    }

    /** A run of characters of some kinds, as {@code \p{N}{1,3}}. */
    static Match run(int kinds, int atMost) {
        return (text, at, to) -> {
            int end = text.run(at, (int) Math.min(to, (long) at + atMost), kinds);
            return end > at ? end : ~(at + 1);
        };
    }

    /** A run of characters of some kinds with one white-space character in front, or none. */
    static Match spacedRun(int kinds) {
        return (text, at, to) -> {
            int start = text.is(at, SPACE) ? at + 1 : at;
            int end = text.run(start, to, kinds);
            return end > start ? end : ~(at + 1);
        };
    }

    /** A run of the characters of a set; white space beyond ASCII is in no set. */
    static Match run(CharacterSet set) {
        return (text, at, to) -> {
            int end = run(set, text, at, to);
            return end > at ? end : ~(at + 1);
        };
    }

    /** A run of the characters of a set with one white-space character in front, or none. */
    static Match spacedRun(CharacterSet set) {
        return (text, at, to) -> {
            int start = text.is(at, SPACE) ? at + 1 : at;
            int end = run(set, text, start, to);
            return end > start ? end : ~(at + 1);
        };
    }

    /** A run of the characters of one of several sets, the first that matches. */
    static Match firstRun(CharacterSet... sets) {
        return (text, at, to) -> {
            int end = at;
            for (int i = 0; i < sets.length && end == at; i++) {
                end = run(sets[i], text, at, to);
            }
            return end > at ? end : ~(at + 1);
        };
    }

    private static int run(CharacterSet set, Text text, int at, int to) {
        int end = at;
        while (end < to && set.contains(text.point(end)) && !isWideSpace(text, end)) {
            end++;
        }
        return end;
    }

    private static boolean isWideSpace(Text text, int at) {
        return text.point(at) >= 0x80 && text.is(at, SPACE);
    }

    /** {@code ?[^(\s|...)]+} with the listed characters. */
    static Match without(CharacterSet set) {
        return (text, at, to) -> {
            int start = text.point(at) == ' ' ? at + 1 : at;
            int end = start;
            while (end < to && !text.is(end, SPACE) && !set.contains(text.point(end))) {
                end++;
            }
            return end > start ? end : ~(at + 1);
        };
    }

    /** A run of characters that are of some kinds or in a set. */
    static Match run(int kinds, CharacterSet set) {
        Match one = one(kinds, set);
        return (text, at, to) -> {
            int end = at;
            while (end < to && one.at(text, end, to) > end) {
                end++;
            }
            return end > at ? end : ~(at + 1);
        };
    }

    /** One character of some kinds or of a set. */
    static Match one(int kinds, CharacterSet set) {
        return (text, at, to) ->
                text.is(at, kinds) || set.contains(text.point(at)) ? at + 1 : ~(at + 1);
    }

    /** {@code \s+$}. */
    static int lastSpaces(Text text, int at, int to) {
        int end = text.run(at, to, SPACE);
        return end == to ? end : ~Math.max(end, at + 1);
    }

    /** {@code [0-9][0-9][0-9]}. */
    static int threeDigits(Text text, int at, int to) {
        for (int i = at; i < at + 3; i++) {
            if (i >= to || text.point(i) < '0' || text.point(i) > '9') {
                return ~(at + 1);
            }
        }
        return at + 3;
    }

    /** {@code [^\n]+|[\n]+}. */
    static int lines(Text text, int at, int to) {
        boolean lineFeed = text.point(at) == '\n';
        int end = at + 1;
        while (end < to && (text.point(end) == '\n') == lineFeed) {
            end++;
        }
        return end;
    }

    /** {@code [\t\n]| | } (chameleon). */
    static int indents(Text text, int at, int to) {
        if (text.point(at) == '\t' || text.point(at) == '\n') {
            return at + 1;
        }
        int end = at;
        while (end < to && end < at + 4 && text.point(end) == ' ') {
            end++;
        }
        return end == at + 4 ? end : end >= at + 2 ? at + 2 : ~(at + 1);
    }

    /** {@code <sentinel:[0-9]+>} (chameleon). */
    static int sentinels(Text text, int at, int to) {
        int start = literal("<sentinel:", text, at, to);
        int end = start;
        while (end > at && end < to && text.point(end) >= '0' && text.point(end) <= '9') {
            end++;
        }
        return end > start && end < to && text.point(end) == '>' ? end + 1 : ~(at + 1);
    }

    /** {@code (IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z} (chameleon). */
    static int images(Text text, int at, int to) {
        int start = literal("IMGIMG", text, at, to);
        int end = start;
        while (end > at
                && end < to
                && end < start + 4
                && text.point(end) >= 'A'
                && text.point(end) <= 'I') {
            end++;
        }
        return end > start && end < to && text.point(end) == 'Z' ? end + 1 : ~(at + 1);
    }

    /** The end of some characters, or {@code at}. */
    private static int literal(String characters, Text text, int at, int to) {
        if (to - at < characters.length()) {
            return at;
        }
        for (int i = 0; i < characters.length(); i++) {
            if (text.point(at + i) != characters.charAt(i)) {
                return at;
            }
        }
        return at + characters.length();
    }
}
