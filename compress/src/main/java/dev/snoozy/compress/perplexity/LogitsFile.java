package dev.snoozy.compress.perplexity;

import dev.snoozy.format.FormatException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A base model's logits of a text, in the file that llama.cpp's perplexity tool writes and reads
 * ({@code --kl-divergence-base}), so that either may go on where the other stopped.
 *
 * <p>The file: {@code _logits_}, the chunk size, the size of the vocabulary and the number of
 * chunks as 32-bit integers, the tokens of all chunks, then a row for each scored token. A row
 * begins with two floats, a step and the logarithm of the smallest probability that is kept; the
 * logarithm of each token's probability follows as a number of steps above it, in 16 bits, with one
 * number more if that makes their count even. What is more than 16 below the largest is taken for
 * 16 below it, so the perplexity of the base is a little better in this file than it was.
 *
 * <p>Thread-safe. Whoever opens it closes it.
 */
public final class LogitsFile implements Base {
    static final byte[] MAGIC = {'_', 'l', 'o', 'g', 'i', 't', 's', '_'};
    static final int HEAD = 4; // 16-bit numbers that the two floats of a row take
    private static final int START = 20;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final String name;
    private final MemorySegment file;
    private final int chunkSize;
    private final int vocabulary;
    private final int chunks;

    private LogitsFile(Path path) throws IOException {
        name = String.valueOf(path.getFileName());
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        if (file.byteSize() < START
                || MemorySegment.ofArray(MAGIC).mismatch(file.asSlice(0, MAGIC.length)) >= 0) {
            throw new FormatException(
                    name + ": expected a file of logits, which begins with _logits_");
        }
        chunkSize = file.get(INT, MAGIC.length);
        vocabulary = file.get(INT, MAGIC.length + 4);
        chunks = file.get(INT, MAGIC.length + 8);
        if (chunkSize < 4 || vocabulary < 1 || chunks < 1) {
            throw new FormatException(
                    "%s: found %d chunks of %d tokens and a vocabulary of %d, expected more of each"
                            .formatted(name, chunks, chunkSize, vocabulary));
        }
        long scored = chunkSize - 1 - chunkSize / 2;
        // None of these products of three 31-bit numbers may wrap round to the size of the file.
        double expected =
                START + 4.0 * chunks * chunkSize + (double) chunks * scored * rowBytes(vocabulary);
        if (file.byteSize() != expected) {
            throw new FormatException(
                    "%s: found %d bytes, expected %.0f for %d chunks of %d tokens and a vocabulary of %d; was its writing cut off?"
                            .formatted(
                                    name,
                                    file.byteSize(),
                                    expected,
                                    chunks,
                                    chunkSize,
                                    vocabulary));
        }
    }

    /**
     * Opens and checks a file.
     *
     * @throws FormatException if it is not one of logits, or has another size than it says
     */
    public static LogitsFile open(Path path) throws IOException {
        return new LogitsFile(path);
    }

    /** Bytes of a row. */
    static long rowBytes(int vocabulary) {
        return 2L * (HEAD + 2 * ((vocabulary + 1L) / 2));
    }

    /** Tokens per chunk. */
    public int chunkSize() {
        return chunkSize;
    }

    int vocabulary() {
        return vocabulary;
    }

    /** Number of chunks. */
    public int chunks() {
        return chunks;
    }

    /** The text that the base has read. */
    TextChunks text(int bos) {
        int[] tokens = new int[Math.multiplyExact(chunks, chunkSize)];
        MemorySegment.copy(file, INT, START, tokens, 0, tokens.length);
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new FormatException(
                        "%s: found the token %d, expected 0 to %d"
                                .formatted(name, token, vocabulary - 1));
            }
        }
        return new TextChunks(tokens, chunkSize, bos);
    }

    /**
     * The logarithms of the probabilities.
     *
     * @param row counted over all chunks
     */
    float[] logProbabilities(long row) {
        long at = START + 4L * chunks * chunkSize + row * rowBytes(vocabulary);
        float step = file.get(FLOAT, at);
        float least = file.get(FLOAT, at + 4);
        if (!Float.isFinite(step) || !Float.isFinite(least)) {
            throw new FormatException(name + ": found numbers that are not finite in row " + row);
        }
        float[] values = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            int steps = Short.toUnsignedInt(file.get(SHORT, at + 2 * (HEAD + (long) i)));
            values[i] = step * steps + least;
        }
        return values;
    }

    @Override
    public void close() {
        arena.close();
    }
}
