package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNKNOWN;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * WordPiece, as BERT uses it. Cuts the text at white space, punctuation and Chinese characters,
 * then takes the longest token from the start of each word again and again. A word that tokens do
 * not cover to its end is unknown as a whole.
 *
 * <p>In a GGUF file the first token of a word starts with U+2581, the others have no mark.
 */
final class WordPieceEncoder implements Encoder {
    /**
     * How text is changed first.
     *
     * @param lowercase whether letters become lower case
     * @param baseLetters whether a letter with an accent becomes the letter: the first character of
     *     its canonical decomposition. Of a Korean syllable that leaves its first consonant, as in
     *     the reference
     * @param dropsMarks whether accents that are characters of their own go
     */
    record Normalization(boolean lowercase, boolean baseLetters, boolean dropsMarks) {}

    private static final byte[] WORD_START = "\u2581".getBytes(StandardCharsets.UTF_8);

    private final Normalization normalization;
    private final int unknown;
    private final Trie tokens;

    WordPieceEncoder(ModelVocabulary vocabulary, Normalization normalization) {
        this.normalization = normalization;
        unknown = vocabulary.special(SpecialToken.UNKNOWN);
        tokens = new Trie(vocabulary.size() * 4);
        for (int id = vocabulary.size() - 1; id >= 0; id--) {
            if (!vocabulary.is(id, CONTROL | UNKNOWN)) {
                tokens.put(vocabulary.piece(id).getBytes(StandardCharsets.UTF_8), id);
            }
        }
    }

    @Override
    public void encode(String text, boolean start, Ids ids) {
        Utf8Writer word = new Utf8Writer(64);
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (normalization.baseLetters()) {
                point = baseLetter(point);
            }
            int kind = Text.kind(point);
            if ((kind & Text.SPACE) != 0) {
                endWord(word, ids);
            } else if (!isDropped(point, kind)) {
                int lower = normalization.lowercase() ? Character.toLowerCase(point) : point;
                if (standsAlone(point, kind)) {
                    endWord(word, ids);
                    add(lower, word);
                    endWord(word, ids);
                } else {
                    add(lower, word);
                }
            }
        }
        endWord(word, ids);
    }

    private static int baseLetter(int point) {
        if (point < 0xC0) {
            return point;
        }
        return Normalizer.normalize(Character.toString(point), Normalizer.Form.NFD).codePointAt(0);
    }

    private boolean isDropped(int point, int kind) {
        return point == 0
                || point == 0xFFFD
                || normalization.dropsMarks() && (kind & Text.MARK) != 0
                || switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.PRIVATE_USE,
                            Character.SURROGATE ->
                            true;
                    default -> false;
                };
    }

    private static boolean standsAlone(int point, int kind) {
        return (kind & Text.PUNCTUATION) != 0
                || point < 0x7F && (kind & Text.SYMBOL) != 0
                || isChinese(point);
    }

    /** The blocks of BERT's own list, with the one slip of the Hugging Face library. */
    private static boolean isChinese(int point) {
        return point >= 0x3400 && point <= 0x4DBF
                || point >= 0x4E00 && point <= 0x9FFF
                || point >= 0xF900 && point <= 0xFAFF
                || point >= 0x20000 && point <= 0x2A6DF
                || point >= 0x2A700 && point <= 0x2B73F
                || point >= 0x2B740 && point <= 0x2B81F
                || point >= 0x2B920 && point <= 0x2CEAF
                || point >= 0x2F800 && point <= 0x2FA1F;
    }

    private static void add(int point, Utf8Writer word) {
        if (word.size() == 0) {
            word.addAll(WORD_START, 0, WORD_START.length);
        }
        word.addPoint(point);
    }

    private void endWord(Utf8Writer word, Ids ids) {
        if (word.size() == 0) {
            return;
        }
        int before = ids.size();
        if (!cover(word.array(), word.size(), ids)) {
            ids.truncate(before);
            if (unknown >= 0) {
                ids.add(unknown);
            }
        }
        word.clear();
    }

    /** Appends the tokens of a word; returns false where none goes on. */
    private boolean cover(byte[] word, int length, Ids ids) {
        for (int at = 0; at < length; ) {
            int token = -1;
            int end = at;
            int node = Trie.ROOT;
            for (int i = at; i < length; i++) {
                node = tokens.child(node, word[i]);
                if (node < 0) {
                    break;
                }
                if (tokens.value(node) >= 0) {
                    token = tokens.value(node);
                    end = i + 1;
                }
            }
            if (token < 0) {
                return false;
            }
            ids.add(token);
            at = end;
        }
        return true;
    }
}
