package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Keys;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The tokens of a vocabulary in the making, by id; ids without a token become padding. */
final class TokenList {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private static final float LAST = -1000;
    private static final int MOST = 1 << 24;

    private String[] texts = new String[0];
    private int[] types = new int[0];
    private float[] scores = new float[0];

    /** Sets the token of an id. */
    void put(long id, String text, int type, float score) {
        if (id < 0 || id >= MOST) {
            throw new ConvertException(
                    "token \"" + text + "\": found the id " + id + ", expected 0 to " + (MOST - 1));
        }
        if (id >= texts.length) {
            fill((int) id + 1);
        }
        texts[(int) id] = text;
        types[(int) id] = type;
        scores[(int) id] = score;
    }

    /** A token that was added to a vocabulary; its text may stand there already. */
    void add(long id, String text, boolean special) {
        boolean known = id >= 0 && id < texts.length && texts[(int) id].equals(text);
        int type = known ? types[(int) id] : UNUSED;
        if (type == UNKNOWN || type == CONTROL || type == BYTE) {
            return;
        }
        put(id, text, special ? CONTROL : USER_DEFINED, known ? scores[(int) id] : LAST);
    }

    /** Makes as many tokens as the model has rows for. */
    void padTo(int size) {
        if (texts.length > size) {
            throw new ConvertException(
                    "the tokenizer has "
                            + texts.length
                            + " tokens, the model rows for "
                            + size
                            + "; do both belong together?");
        }
        fill(size);
    }

    private void fill(int size) {
        int from = texts.length;
        texts = Arrays.copyOf(texts, size);
        types = Arrays.copyOf(types, size);
        scores = Arrays.copyOf(scores, size);
        for (int id = from; id < size; id++) {
            texts[id] = "[PAD" + id + "]";
            types[id] = UNUSED;
            scores[id] = LAST;
        }
    }

    int size() {
        return texts.length;
    }

    String text(int id) {
        return texts[id];
    }

    int type(int id) {
        return types[id];
    }

    /** The ids, by the tokens' texts. */
    Map<String, Integer> ids() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < texts.length; id++) {
            ids.putIfAbsent(texts[id], id);
        }
        return ids;
    }

    void writeTo(Keys keys, boolean withScores) {
        keys.put("tokenizer.ggml.tokens", texts);
        if (withScores) {
            keys.put("tokenizer.ggml.scores", scores);
        }
        keys.put("tokenizer.ggml.token_type", types);
    }
}
