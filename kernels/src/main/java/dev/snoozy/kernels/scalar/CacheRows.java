package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;

/**
 * The keys, or the values, of a page, rounded to the type of the cache when they are written: the
 * judge of what machine code remembers.
 */
final class CacheRows {
    private static final float MOST_CODE = 127;

    /** Larger inverse scales belong to scales that are no number of half precision but zero. */
    private static final float MOST_INVERSE = 0x1p126f;

    private final CacheType type;
    private final int heads;
    private final int length;
    private final float[] floats;
    private final short[] halves;
    private final byte[] codes;

    CacheRows(CacheType type, int heads, int length) {
        this.type = type;
        this.heads = heads;
        this.length = length;
        int elements = KvPages.PAGE * heads * length;
        floats = new float[type == CacheType.F32 ? elements : 0];
        codes = new byte[type == CacheType.Q8_0 ? elements : 0];
        int halfs =
                switch (type) {
                    case F32 -> 0;
                    case F16 -> elements;
                    case Q8_0 -> KvPages.PAGE * heads * CacheType.blocks(length);
                };
        halves = new short[halfs];
    }

    void copy(CacheRows from) {
        System.arraycopy(from.floats, 0, floats, 0, floats.length);
        System.arraycopy(from.halves, 0, halves, 0, halves.length);
        System.arraycopy(from.codes, 0, codes, 0, codes.length);
    }

    /** Writes a row of all heads, {@code x [heads * length]} from an index on. */
    void write(int slot, float[] x, int from) {
        int at = slot * heads * length;
        switch (type) {
            case F32 -> System.arraycopy(x, from, floats, at, heads * length);
            case F16 -> {
                for (int i = 0; i < heads * length; i++) {
                    halves[at + i] = Float.floatToFloat16(x[from + i]);
                }
            }
            case Q8_0 -> {
                for (int head = 0; head < heads; head++) {
                    encode(slot * heads + head, x, from + head * length);
                }
            }
        }
    }

    /** Blocks of a row of a head, the rows counted over slots and heads. */
    private void encode(int row, float[] x, int from) {
        for (int block = 0; block < CacheType.blocks(length); block++) {
            int first = block * CacheType.BLOCK;
            int end = Math.min(length, first + CacheType.BLOCK);
            float largest = 0;
            for (int i = first; i < end; i++) {
                largest = Math.max(largest, Math.abs(x[from + i]));
            }
            float d = largest / MOST_CODE;
            float inverse = Math.min(1 / d, MOST_INVERSE);
            halves[row * CacheType.blocks(length) + block] = Float.floatToFloat16(d);
            for (int i = first; i < end; i++) {
                codes[row * length + i] = (byte) Math.rint(x[from + i] * inverse);
            }
        }
    }

    /** Reads the rows {@code from .. to} of a head to the same rows of {@code y [64, length]}. */
    void read(int head, int from, int to, float[] y) {
        for (int slot = from; slot <= to; slot++) {
            int row = slot * heads + head;
            for (int i = 0; i < length; i++) {
                y[slot * length + i] = element(row, i);
            }
        }
    }

    private float element(int row, int i) {
        return switch (type) {
            case F32 -> floats[row * length + i];
            case F16 -> Float.float16ToFloat(halves[row * length + i]);
            case Q8_0 -> {
                int block = row * CacheType.blocks(length) + i / CacheType.BLOCK;
                yield codes[row * length + i] * Float.float16ToFloat(halves[block]);
            }
        };
    }
}
