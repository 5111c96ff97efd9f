package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes groups of sixteen rows of floats, {@code [in, 16]}; see {@link FloatFormat}. Used by one
 * thread.
 */
final class FloatPacker {
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROWS = Format16.ROWS;

    /** Elements of a row that are taken at once: what they become stays in the innermost cache. */
    private static final int RUN = 256;

    private final int[] words = new int[RUN];
    private final short[] halves = new short[RUN];
    private final int[] wordsOfGroup = new int[RUN * ROWS];
    private final short[] halvesOfGroup = new short[RUN * ROWS];

    /**
     * Packs rows {@code 16 * group ..}. Rows beyond the last, and elements beyond the end of a row,
     * are zero.
     *
     * @param source all rows, as they lie in the file
     * @param paddedElements elements of a row in the target
     * @param to where the group begins in the target
     */
    void pack(
            FloatFormat format,
            int group,
            int rows,
            int elements,
            int paddedElements,
            MemorySegment source,
            MemorySegment target,
            long to) {
        int first = group * ROWS;
        int members = Math.min(ROWS, rows - first);
        int in = elements / format.together();
        int padded = paddedElements / format.together();
        for (int from = 0; from < padded; from += RUN) {
            int now = Math.min(RUN, padded - from);
            int count = Math.max(0, Math.min(now, in - from));
            long at = (long) first * in + from;
            long place = to + (long) from * format.vectorBytes();
            if (format.vectorBytes() == ROWS * Integer.BYTES) {
                words(format, source, at, in, members, count, now);
                MemorySegment.copy(wordsOfGroup, 0, target, WORD, place, now * ROWS);
            } else {
                halves(source, at, in, members, count, now);
                MemorySegment.copy(halvesOfGroup, 0, target, HALF, place, now * ROWS);
            }
        }
    }

    private void words(
            FloatFormat format,
            MemorySegment source,
            long at,
            int in,
            int members,
            int count,
            int padded) {
        if (members < ROWS || count < padded) {
            Arrays.fill(wordsOfGroup, 0);
        }
        for (int r = 0; r < members; r++) {
            long from = (at + (long) r * in) * Integer.BYTES;
            MemorySegment.copy(source, WORD, from, words, 0, count);
            if (format == FloatFormat.F16_AS_BF16_PAIRS) {
                roundPairs(count);
            }
            for (int k = 0; k < count; k++) {
                wordsOfGroup[k * ROWS + r] = words[k];
            }
        }
    }

    private void roundPairs(int count) {
        for (int k = 0; k < count; k++) {
            words[k] = bf16(words[k] >> Short.SIZE) << Short.SIZE | bf16(words[k]);
        }
    }

    /** The BF16 that is nearest to an F16; of two, the even one. */
    private static int bf16(int half) {
        int bits = Float.floatToRawIntBits(Float.float16ToFloat((short) half));
        // What is no number keeps its upper bits; no F16 is so large that rounding makes it
        // infinite.
        boolean number = (bits & 0x7F800000) != 0x7F800000;
        return (number ? bits + 0x7FFF + (bits >>> Short.SIZE & 1) : bits) >>> Short.SIZE;
    }

    private void halves(MemorySegment source, long at, int in, int members, int count, int padded) {
        if (members < ROWS || count < padded) {
            Arrays.fill(halvesOfGroup, (short) 0);
        }
        for (int r = 0; r < members; r++) {
            long from = (at + (long) r * in) * Short.BYTES;
            MemorySegment.copy(source, HALF, from, halves, 0, count);
            for (int k = 0; k < count; k++) {
                halvesOfGroup[k * ROWS + r] = halves[k];
            }
        }
    }
}
