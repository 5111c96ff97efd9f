package dev.snoozy.compress.perplexity;

import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.Arrays;

/**
 * A text in chunks, by the rules of llama.cpp, so that figures compare: the whole text is tokenized
 * at once and cut into pieces of one size; what is left over at the end is dropped; where the
 * vocabulary begins texts with BOS, the first token of each chunk gives way to it.
 */
public final class TextChunks {
    /** Fewer tokens than this leave nothing to measure. */
    private static final int SMALLEST = 4;

    private final int[] tokens;
    private final int size;
    private final int bos;

    /**
     * Chunks of tokens.
     *
     * @param size tokens per chunk
     * @param bos the token that each chunk begins with, or -1
     */
    TextChunks(int[] tokens, int size, int bos) {
        if (size < SMALLEST) {
            throw new IllegalArgumentException(
                    "chunk size: expected " + SMALLEST + " tokens or more, found " + size);
        }
        this.tokens = tokens;
        this.size = size;
        this.bos = bos;
    }

    /**
     * Cuts a text.
     *
     * @param size tokens per chunk
     * @param most chunks to keep at most, or 0 for all
     * @throws IllegalArgumentException if the text does not fill one chunk
     */
    public static TextChunks of(Tokenizer tokenizer, String text, int size, int most) {
        TextChunks all =
                new TextChunks(tokenizer.encode(text, true, false), size, bosOf(tokenizer));
        if (all.count() == 0) {
            throw new IllegalArgumentException(
                    "the text has "
                            + all.tokens.length
                            + " tokens: expected at least one chunk of "
                            + size
                            + "; cure: a longer text or a smaller context (--ctx)");
        }
        return all.first(most);
    }

    /** The token that the vocabulary puts before every text, or -1. */
    static int bosOf(Tokenizer tokenizer) {
        int bos = tokenizer.vocabulary().bos();
        int[] empty = tokenizer.encode("", true, false);
        return bos >= 0 && empty.length > 0 && empty[0] == bos ? bos : -1;
    }

    /** The first chunks, or all if there are no more or the number is 0. */
    public TextChunks first(int chunks) {
        if (chunks == 0 || chunks >= count()) {
            return this;
        }
        return new TextChunks(Arrays.copyOf(tokens, chunks * size), size, bos);
    }

    /** Number of chunks. */
    public int count() {
        return tokens.length / size;
    }

    /** Tokens per chunk. */
    public int size() {
        return size;
    }

    /** The first token of a chunk whose score counts is this one's successor. */
    int firstScored() {
        return size / 2;
    }

    /** Tokens of a chunk that are scored: those of its second half. */
    int scored() {
        return size - 1 - firstScored();
    }

    /** What the model reads of a chunk. */
    public int[] read(int chunk) {
        int[] read = Arrays.copyOfRange(tokens, chunk * size, (chunk + 1) * size);
        if (bos >= 0) {
            read[0] = bos;
        }
        return read;
    }

    /** A token of the text. */
    int token(int chunk, int i) {
        return tokens[chunk * size + i];
    }

    /** The tokens of all whole chunks. */
    int[] tokens() {
        return Arrays.copyOf(tokens, count() * size);
    }
}
