package dev.snoozy.text.grammar;

import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What grammars need to know of a vocabulary; does not refer to it. The few long tokens have a tree
 * of their own, so that what is found out for the short ones holds in more places. Immutable and
 * thread-safe.
 */
final class VocabularyTokens {
    /** Bytes of the longest of the short tokens. */
    static final int SHORT = 16;

    /** Bytes of the longest token that may come at all; real ones have up to 256. */
    private static final int LONGEST = 4096;

    private static final byte[] NO_BYTES = {};

    private final int size;
    private final VocabularyTrie shorter;
    private final VocabularyTrie longer;
    private final int[] endTokens;
    private final int[] controlTokens;

    VocabularyTokens(Vocabulary vocabulary) {
        size = vocabulary.size();
        IntList ending = new IntList();
        IntList control = new IntList();
        List<VocabularyTrie.Entry> few = new ArrayList<>();
        List<VocabularyTrie.Entry> many = new ArrayList<>();
        for (int token = 0; token < size; token++) {
            byte[] text = vocabulary.bytes(token);
            if (vocabulary.endsGeneration(token)) {
                ending.add(token);
            } else if (vocabulary.isControl(token)) {
                control.add(token);
            } else if (text.length > 0 && text.length <= LONGEST) {
                (text.length <= SHORT ? many : few).add(new VocabularyTrie.Entry(text, token));
            }
        }
        shorter = new VocabularyTrie(many, size);
        longer = new VocabularyTrie(few, size);
        endTokens = ending.copy();
        controlTokens = control.copy();
    }

    /** Number of tokens of the vocabulary, also of those that may never come. */
    int size() {
        return size;
    }

    /** The tokens of up to {@link #SHORT} bytes. */
    VocabularyTrie shorter() {
        return shorter;
    }

    /** The other tokens. */
    VocabularyTrie longer() {
        return longer;
    }

    /** Bytes of the longest token. */
    int longest() {
        return Math.max(shorter.longest(), longer.longest());
    }

    /** The bytes of a token; none for one that may not come. */
    byte[] bytes(int token) {
        if (token < 0 || token >= size) {
            return NO_BYTES;
        }
        byte[] bytes = shorter.bytes(token);
        return bytes.length == 0 ? longer.bytes(token) : bytes;
    }

    /** The longest token that some bytes begin with from a place on, or none. */
    int longestToken(byte[] bytes, int from) {
        int token = longer.longestToken(bytes, from);
        return token == VocabularyTrie.NO_TOKEN ? shorter.longestToken(bytes, from) : token;
    }

    /** Whether a token ends a generation. */
    boolean isEnd(int token) {
        return Arrays.binarySearch(endTokens, token) >= 0;
    }

    /** The tokens that end a generation, ascending; not to be changed. */
    int[] endTokens() {
        return endTokens;
    }

    /** The other tokens that stand for no text; not to be changed. */
    int[] controlTokens() {
        return controlTokens;
    }
}
