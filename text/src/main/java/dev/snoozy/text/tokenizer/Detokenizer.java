package dev.snoozy.text.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Turns a whole sequence of tokens into bytes, as llama.cpp does.
 *
 * @param dropsSpace whether encoding puts a space before the first word, to be taken away here
 * @param cleansSpaces whether spaces before punctuation go, as Hugging Face's
 *     clean_up_tokenization_spaces has them go
 */
record Detokenizer(ModelVocabulary vocabulary, boolean dropsSpace, boolean cleansSpaces) {
    byte[] decode(int[] ids, boolean special) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(16, ids.length));
        for (int i = 0; i < ids.length; i++) {
            byte[] bytes = special ? vocabulary.bytesOrName(ids[i]) : vocabulary.bytes(ids[i]);
            int from = i == 0 && dropsSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
            out.write(bytes, from, bytes.length - from);
        }
        byte[] text = out.toByteArray();
        return cleansSpaces ? clean(text) : text;
    }

    private static byte[] clean(byte[] text) {
        int length = beforePunctuation(text, text.length);
        length = aroundApostrophe(text, length);
        length = beforeContraction(text, length);
        return Arrays.copyOf(text, length);
    }

    /** Takes the space from {@code " ?"}, {@code " !"}, {@code " ."} and {@code " ,"}. */
    private static int beforePunctuation(byte[] text, int length) {
        int kept = Math.min(1, length);
        for (int i = 1; i < length; i++) {
            byte c = text[i];
            if (text[i - 1] == ' ' && (c == '?' || c == '!' || c == '.' || c == ',')) {
                kept--;
            }
            text[kept++] = c;
        }
        return kept;
    }

    /** Takes both spaces from {@code " ' "}. */
    private static int aroundApostrophe(byte[] text, int length) {
        int kept = Math.min(1, length);
        for (int i = 1; i < length; i++) {
            byte c = text[i];
            if (c == '\'' && i + 1 < length && text[i - 1] == ' ' && text[i + 1] == ' ') {
                kept--;
                text[++i] = 0;
            }
            text[kept++] = c;
        }
        return kept;
    }

    /** Takes the space from {@code " 's"}, {@code " 'm"}, {@code " 're"} and {@code " 've"}. */
    private static int beforeContraction(byte[] text, int length) {
        int kept = Math.min(1, length);
        for (int i = 1; i < length; i++) {
            byte c = text[i];
            if (text[i - 1] == ' ' && c == '\'' && contracts(text, i + 1, length)) {
                kept--;
            }
            text[kept++] = c;
        }
        return kept;
    }

    private static boolean contracts(byte[] text, int at, int length) {
        if (at >= length) {
            return false;
        }
        if (text[at] == 's' || text[at] == 'm') {
            return true;
        }
        return at + 1 < length && text[at + 1] == 'e' && (text[at] == 'r' || text[at] == 'v');
    }
}
