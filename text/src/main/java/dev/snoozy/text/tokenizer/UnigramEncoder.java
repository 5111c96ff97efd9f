package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.NORMAL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNUSED;
import static dev.snoozy.text.tokenizer.ModelVocabulary.USER_DEFINED;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece Unigram. Of all ways to cut the normalized text into tokens, takes the one with the
 * best sum of scores (Viterbi). Characters that no token covers are unknown; neighbouring unknown
 * ones make one token.
 */
final class UnigramEncoder implements Encoder {
    /** How much worse an unknown character is than the worst token. */
    private static final float UNKNOWN_PENALTY = 10;

    private static final byte[] SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);

    private final Charsmap charsmap;
    private final boolean addsSpace;
    private final boolean mergesSpaces;
    private final int unknown;
    private final float unknownScore;
    private final float[] scores;
    private final Trie tokens;

    /**
     * @param addsSpace whether a space goes before the first word
     * @param mergesSpaces whether runs of spaces become one, and spaces at the ends go
     */
    UnigramEncoder(
            ModelVocabulary vocabulary,
            Charsmap charsmap,
            boolean addsSpace,
            boolean mergesSpaces) {
        this.charsmap = charsmap;
        this.addsSpace = addsSpace;
        this.mergesSpaces = mergesSpaces;
        unknown = vocabulary.special(SpecialToken.UNKNOWN);
        scores = new float[vocabulary.size()];
        tokens = new Trie(vocabulary.size() * 4);
        float worst = Float.MAX_VALUE;
        for (int id = vocabulary.size() - 1; id >= 0; id--) {
            if (vocabulary.is(id, NORMAL)) {
                worst = Math.min(worst, vocabulary.score(id));
            }
            if (vocabulary.is(id, NORMAL | USER_DEFINED | UNUSED) && !vocabulary.is(id, CONTROL)) {
                scores[id] = vocabulary.is(id, USER_DEFINED) ? 0 : vocabulary.score(id);
                tokens.put(vocabulary.piece(id).getBytes(StandardCharsets.UTF_8), id);
            }
        }
        unknownScore = worst - UNKNOWN_PENALTY;
    }

    @Override
    public void encode(String text, boolean start, Ids ids) {
        Utf8Writer normal = normalize(text.getBytes(StandardCharsets.UTF_8));
        if (normal.size() > 0) {
            cut(normal.array(), normal.size(), ids);
        }
    }

    private Utf8Writer normalize(byte[] text) {
        Normalized out = new Normalized(text.length);
        for (int at = 0; at < text.length; ) {
            long found = charsmap.find(text, at);
            if (found != 0) {
                int i = (int) found;
                for (; charsmap.replacement(i) != 0; i++) {
                    out.add(charsmap.replacement(i));
                }
                at += (int) (found >>> 32);
            } else {
                int end = Math.min(text.length, at + Utf8.length(text[at]));
                for (; at < end; at++) {
                    out.add(text[at]);
                }
            }
        }
        return out.text;
    }

    /** Text that is being normalized, with the rules for spaces. */
    private final class Normalized {
        private final Utf8Writer text;
        private boolean prefixed;
        private boolean inWord;

        Normalized(int expected) {
            text = new Utf8Writer(expected + expected / 4);
        }

        void add(byte b) {
            if (b == ' ') {
                inWord = false;
                if (!mergesSpaces) {
                    text.addAll(SPACE, 0, SPACE.length);
                }
                return;
            }
            if (!inWord) {
                inWord = true;
                if (mergesSpaces || addsSpace && !prefixed) {
                    text.addAll(SPACE, 0, SPACE.length);
                    prefixed = true;
                }
            }
            text.add(b);
        }
    }

    private void cut(byte[] text, int length, Ids ids) {
        // What is best up to each place: the sum, the last token and where that starts. Ties turn
        // on
        // rounding: as in the reference, a sum is kept in single precision and compared in double.
        float[] best = new float[length + 1];
        int[] last = new int[length + 1];
        int[] from = new int[length + 1];
        Arrays.fill(best, 1, best.length, -Float.MAX_VALUE);
        Arrays.fill(last, unknown);
        for (int at = 0; at < length; ) {
            int next = Math.min(length, at + Utf8.length(text[at]));
            boolean covered = false;
            int node = Trie.ROOT;
            for (int i = at; i < length; i++) {
                node = tokens.child(node, text[i]);
                if (node < 0) {
                    break;
                }
                int token = tokens.value(node);
                if (token >= 0) {
                    int end = i + 1;
                    covered |= end == next;
                    double sum = (double) best[at] + scores[token];
                    if (sum > best[end]) {
                        best[end] = (float) sum;
                        last[end] = token;
                        from[end] = at;
                    }
                }
            }
            if (!covered && best[at] + unknownScore > best[next]) {
                best[next] = best[at] + unknownScore;
                last[next] = unknown;
                from[next] = at;
            }
            at = next;
        }
        backtrack(last, from, length, ids);
    }

    private void backtrack(int[] last, int[] from, int length, Ids ids) {
        int before = ids.size();
        boolean afterUnknown = false;
        for (int at = length; at > 0; at = from[at]) {
            boolean isUnknown = last[at] == unknown;
            if (last[at] >= 0 && !(isUnknown && afterUnknown)) {
                ids.add(last[at]);
            }
            afterUnknown = isUnknown;
        }
        ids.reverse(before);
    }
}
