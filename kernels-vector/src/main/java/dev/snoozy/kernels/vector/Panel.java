package dev.snoozy.kernels.vector;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.scalar.Weight;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Some rows of a weight, decoded to F32 so that the same element of all rows lies side by side:
 * {@code [k, Tiles.ROWS]}. The arithmetic is that of the codecs of {@code format}, which do the
 * types that have no faster way here. Used by one thread.
 */
final class Panel {
    /** Elements along a row that are decoded at once; a multiple of all block sizes. */
    static final int DEPTH = 256;

    private static final int ROWS = Tiles.ROWS;

    /** Words of a block of Q6_K before its scale, more than the other types have. */
    private static final int MOST_WORDS = 52;

    /** Columns that are written at once: so few that their cache lines stay near. */
    private static final int STRIP = 8;

    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final float[] values = new float[DEPTH * ROWS];
    private final int[] words = new int[MOST_WORDS * ROWS];
    private final float[] scales = new float[ROWS];
    private final float[] minima = new float[ROWS];
    private final float[] rows = new float[ROWS * DEPTH];

    /** What was decoded last, {@code [k, Tiles.ROWS]}; columns beyond its rows mean nothing. */
    float[] values() {
        return values;
    }

    /**
     * Decodes a part of some rows.
     *
     * @param first the first row, counted over all experts
     * @param count of rows, at most {@link Tiles#ROWS}
     * @param from the first element of each row, a multiple of {@link #DEPTH}
     * @param depth elements of each row, at most {@link #DEPTH}
     */
    void decode(Weight w, int first, int count, int from, int depth) {
        TensorType type = w.type();
        long stride = type.bytes(w.in());
        long at = first * stride + type.bytes(from);
        switch (type) {
            case Q4_0, Q8_0, Q4_K, Q5_K, Q6_K -> {
                for (int k = 0; k < depth; k += type.blockSize()) {
                    block(type, w.blocks(), at, stride, count, k * ROWS);
                    at += type.bytesPerBlock();
                }
            }
            default -> {
                for (int r = 0; r < count; r++) {
                    w.codec().decode(w.blocks(), at + r * stride, rows, r * DEPTH, depth);
                }
                turn(count, depth);
            }
        }
    }

    /** Decodes one block of each row, the first of which is at {@code at}. */
    private void block(TensorType type, MemorySegment s, long at, long stride, int count, int to) {
        switch (type) {
            case Q4_0 -> {
                halves(s, at, stride, count, scales);
                words(s, at + 2, stride, count, 4);
                Blocks.q4(words, scales, values, to);
            }
            case Q8_0 -> {
                halves(s, at, stride, count, scales);
                words(s, at + 2, stride, count, 8);
                Blocks.q8(words, scales, values, to);
            }
            case Q4_K -> {
                halves(s, at, stride, count, scales);
                halves(s, at + 2, stride, count, minima);
                words(s, at + 4, stride, count, 35);
                KBlocks.q4(words, scales, minima, values, to);
            }
            case Q5_K -> {
                halves(s, at, stride, count, scales);
                halves(s, at + 2, stride, count, minima);
                words(s, at + 4, stride, count, 43);
                KBlocks.q5(words, scales, minima, values, to);
            }
            case Q6_K -> {
                words(s, at, stride, count, MOST_WORDS);
                halves(s, at + 4 * MOST_WORDS, stride, count, scales);
                KBlocks.q6(words, scales, values, to);
            }
            default -> throw new IllegalArgumentException("no decoder of blocks of " + type);
        }
    }

    /** An F16 of each row. */
    private static void halves(MemorySegment s, long at, long stride, int count, float[] to) {
        for (int r = 0; r < count; r++) {
            to[r] = Float.float16ToFloat(s.get(HALF, at + r * stride));
        }
    }

    /** Bytes of each row in words of four, {@code [word, ROWS]}. */
    private void words(MemorySegment s, long at, long stride, int count, int number) {
        for (int r = 0; r < count; r++) {
            long from = at + r * stride;
            for (int i = 0; i < number; i++) {
                words[i * ROWS + r] = s.get(WORD, from + 4L * i);
            }
        }
    }

    /** Turns rows into columns. */
    private void turn(int count, int depth) {
        int k = 0;
        for (; k + STRIP <= depth; k += STRIP) {
            for (int r = 0; r < count; r++) {
                int to = k * ROWS + r;
                for (int i = 0; i < STRIP; i++) {
                    values[to + i * ROWS] = rows[r * DEPTH + k + i];
                }
            }
        }
        for (; k < depth; k++) {
            for (int r = 0; r < count; r++) {
                values[k * ROWS + r] = rows[r * DEPTH + k];
            }
        }
    }
}
