package dev.snoozy.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A byte-level BPE vocabulary of any size: the 256 bytes, then pairs of them, then pairs with a
 * third byte, and at the end the token that begins and ends a text. Nothing is random in it.
 */
final class RandomVocabulary {
    private static final int BYTES = 256;
    private static final int PAIRS = BYTES * BYTES;

    /** More tokens than any model has; they need no more than three bytes each. */
    private static final int MOST = 1 << 23;

    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private static final String[] ALPHABET = alphabet();

    /** The bytes in the order in which they join pairs: those of plain English text first. */
    private static final int[] ORDER = order();

    private RandomVocabulary() {}

    /**
     * The keys {@code tokenizer.ggml.*}.
     *
     * @param size number of tokens, at least 257
     */
    static Map<String, Object> metadata(int size) {
        if (size <= BYTES || size > MOST) {
            throw new IllegalArgumentException(
                    "vocabulary: expected "
                            + (BYTES + 1)
                            + " to "
                            + MOST
                            + " tokens, found "
                            + size);
        }
        String[] tokens = new String[size];
        String[] merges = new String[size - BYTES - 1];
        System.arraycopy(ALPHABET, 0, tokens, 0, BYTES);
        for (int i = 0; i < merges.length; i++) {
            String left = i < PAIRS ? byteOf(i / BYTES) : tokens[BYTES + (i - PAIRS) / BYTES];
            String right = byteOf(i % BYTES);
            tokens[BYTES + i] = left + right;
            merges[i] = left + " " + right;
        }
        tokens[size - 1] = "<|endoftext|>";
        int[] types = new int[size];
        Arrays.fill(types, NORMAL);
        types[size - 1] = CONTROL;
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("tokenizer.ggml.model", "gpt2");
        keys.put("tokenizer.ggml.pre", "gpt-2");
        keys.put("tokenizer.ggml.tokens", tokens);
        keys.put("tokenizer.ggml.token_type", types);
        keys.put("tokenizer.ggml.merges", merges);
        keys.put("tokenizer.ggml.bos_token_id", size - 1);
        keys.put("tokenizer.ggml.eos_token_id", size - 1);
        return keys;
    }

    private static String byteOf(int place) {
        return ALPHABET[ORDER[place]];
    }

    private static int[] order() {
        String first = " etaoinshrdlucmfwypvbgkjqxz";
        int[] order = new int[BYTES];
        int n = 0;
        for (; n < first.length(); n++) {
            order[n] = first.charAt(n);
        }
        for (int b = 0; b < BYTES; b++) {
            if (b > 0x7F || first.indexOf(b) < 0) {
                order[n++] = b;
            }
        }
        return order;
    }

    /** The characters that stand for the bytes in byte-level BPE (GPT-2). */
    private static String[] alphabet() {
        String[] alphabet = new String[BYTES];
        char next = 0x100;
        for (int b = 0; b < BYTES; b++) {
            boolean printable = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            alphabet[b] = String.valueOf(printable ? (char) b : next++);
        }
        return alphabet;
    }
}
