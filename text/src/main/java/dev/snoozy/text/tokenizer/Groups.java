package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.Text.LETTER;
import static dev.snoozy.text.tokenizer.Text.MARK;
import static dev.snoozy.text.tokenizer.Text.NUMBER;
import static dev.snoozy.text.tokenizer.Text.SPACE;

/** Steps that cut a run by its length as a whole. */
final class Groups {
    private Groups() {}

    /** Cuts each run of digits into threes counted from its end: 1|234|567. */
    static void thousands(Text text, int from, int to, Stage.Pieces out) {
        group(text, from, to, false, out);
    }

    /**
     * As {@link #thousands}, but only where the run ends at the end of a word: {@code
     * \d{1,3}(?=(?:\d{3})*\b)}.
     */
    static void thousandsOfWords(Text text, int from, int to, Stage.Pieces out) {
        group(text, from, to, true, out);
    }

    private static void group(Text text, int from, int to, boolean words, Stage.Pieces out) {
        int rest = from;
        int at = from;
        while (at < to) {
            int start = text.runWithout(at, to, NUMBER);
            int end = text.run(start, to, NUMBER);
            if (end > start && !(words && end < to && isWordCharacter(text, end))) {
                if (rest < start) {
                    out.piece(rest, start);
                }
                int first = (end - start) % 3;
                if (first > 0) {
                    out.piece(start, start + first);
                }
                for (int i = start + first; i < end; i += 3) {
                    out.piece(i, i + 3);
                }
                rest = end;
            }
            at = end;
        }
        if (rest < to) {
            out.piece(rest, to);
        }
    }

    private static boolean isWordCharacter(Text text, int at) {
        return text.is(at, LETTER | MARK | NUMBER) || text.point(at) == '_';
    }

    /** Cuts white space that holds no line end into powers of two, at most 512 (jais-2). */
    static void cascade(Text text, int from, int to, Stage.Pieces out) {
        boolean spaces = text.is(to - 1, SPACE) && !text.isLineEnd(to - 1);
        int at = from;
        while (spaces && to - at > 1) {
            int piece = Math.min(512, Integer.highestOneBit(to - at));
            out.piece(at, at + piece);
            at += piece;
        }
        if (at < to) {
            out.piece(at, to);
        }
    }
}
