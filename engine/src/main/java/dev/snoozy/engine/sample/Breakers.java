package dev.snoozy.engine.sample;

import dev.snoozy.text.tokenizer.Vocabulary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds DRY's sequence breakers in the text of tokens. A token may hold a breaker among other
 * characters, and several tokens may hold it together, so the texts are compared, byte by byte. A
 * control token counts with its name.
 */
final class Breakers {
    private final Vocabulary vocabulary;
    private final byte[][] breakers;
    private final int overlap;
    private byte[] before = {};

    /** Breakers, none of them empty. */
    Breakers(List<String> breakers, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.breakers = breakers.stream().map(Breakers::utf8).toArray(byte[][]::new);
        int longest = Arrays.stream(this.breakers).mapToInt(bytes -> bytes.length).max().orElse(1);
        overlap = longest - 1;
    }

    /** Takes the next token of a text and says whether a breaker ends in it. */
    boolean add(int token) {
        byte[] text = with(token);
        boolean ends = endsAfter(before.length, text);
        before = Arrays.copyOfRange(text, Math.max(0, text.length - overlap), text.length);
        return ends;
    }

    /** Whether a breaker would end in a token if that came next. */
    boolean wouldEndIn(int token) {
        return endsAfter(before.length, with(token));
    }

    private byte[] with(int token) {
        byte[] bytes =
                vocabulary.isControl(token)
                        ? utf8(vocabulary.piece(token))
                        : vocabulary.bytes(token);
        byte[] text = Arrays.copyOf(before, before.length + bytes.length);
        System.arraycopy(bytes, 0, text, before.length, bytes.length);
        return text;
    }

    private boolean endsAfter(int place, byte[] text) {
        for (byte[] breaker : breakers) {
            for (int end = Math.max(place + 1, breaker.length); end <= text.length; end++) {
                if (Arrays.equals(text, end - breaker.length, end, breaker, 0, breaker.length)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
