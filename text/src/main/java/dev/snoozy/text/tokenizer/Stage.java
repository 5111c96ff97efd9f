package dev.snoozy.text.tokenizer;

/**
 * One step of pre-tokenization: cuts each piece that the step before left into smaller ones. What
 * an expression matches is a piece, and so is what lies between two matches. A piece is looked at
 * alone, as if it were the whole text.
 *
 * <p>Steps are written by hand and not with java.util.regex, whose recursion overflows the stack on
 * long runs. Each must take time in proportion to the text. The expressions in the comments are
 * those of the models' tokenizer.json.
 */
interface Stage {
    /** Receives pieces, in order. */
    interface Pieces {
        void piece(int from, int to);
    }

    /** Looks for a match. */
    interface Match {
        /**
         * Matches at a place.
         *
         * @return the end of a match, more than {@code at}; or the complement ({@code ~}) of the
         *     next place at which a match may start
         */
        int at(Text text, int at, int to);
    }

    void split(Text text, int from, int to, Pieces out);

    /** The step that an expression makes. */
    static Stage of(Match match) {
        return (text, from, to, out) -> {
            int rest = from;
            int at = from;
            while (at < to) {
                int end = match.at(text, at, to);
                if (end < 0) {
                    at = ~end;
                    continue;
                }
                if (rest < at) {
                    out.piece(rest, at);
                }
                out.piece(at, end);
                rest = end;
                at = end;
            }
            if (rest < to) {
                out.piece(rest, to);
            }
        };
    }
}
