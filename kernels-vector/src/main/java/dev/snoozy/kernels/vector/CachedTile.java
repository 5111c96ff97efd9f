package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;

/**
 * The keys or the values of one page, rounded to the type of the cache when they are written, as
 * the scalar kernels round. The elements of a head lie together: those of keys {@code [length,
 * 64]}, so that a vector holds one element of several positions, those of values {@code [64,
 * padded]}.
 */
final class CachedTile {
    private static final int TILE = KvPages.PAGE;
    private static final int BLOCK = CacheType.BLOCK;
    private static final float MOST_CODE = 127;

    /** Larger inverse scales belong to scales that are no number of half precision but zero. */
    private static final float MOST_INVERSE = 0x1p126f;

    private final CacheType type;
    private final int heads;
    private final int length;
    private final int width;

    /** Distance between the elements of a position, and between the positions. */
    private final int elementStep;

    private final int slotStep;
    private final float[] floats;
    private final short[] halves;
    private final byte[] codes;

    /** Of Q8_0, {@code [heads, blocks, 64]}. */
    private final short[] scales;

    private CachedTile(CacheType type, int heads, int length, int width, boolean columns) {
        this.type = type;
        this.heads = heads;
        this.length = length;
        this.width = width;
        elementStep = columns ? TILE : 1;
        slotStep = columns ? 1 : width;
        int elements = TILE * heads * width;
        floats = new float[type == CacheType.F32 ? elements : 0];
        halves = new short[type == CacheType.F16 ? elements : 0];
        codes = new byte[type == CacheType.Q8_0 ? elements : 0];
        int blocks = TILE * heads * CacheType.blocks(length);
        scales = new short[type == CacheType.Q8_0 ? blocks : 0];
    }

    static CachedTile ofKeys(CacheType type, int heads, int length) {
        return new CachedTile(type, heads, length, length, true);
    }

    static CachedTile ofValues(CacheType type, int heads, int length) {
        return new CachedTile(type, heads, length, Lanes.padded(length), false);
    }

    /** Bytes of a tile whose positions have {@code width} places for {@code length} elements. */
    static long bytes(CacheType type, int heads, int length, int width) {
        long scales = type == CacheType.Q8_0 ? CacheType.blocks(length) * (long) Short.BYTES : 0;
        long element =
                switch (type) {
                    case F32 -> Float.BYTES;
                    case F16 -> Short.BYTES;
                    case Q8_0 -> 1;
                };
        return TILE * heads * (element * width + scales);
    }

    void copy(CachedTile from) {
        System.arraycopy(from.floats, 0, floats, 0, floats.length);
        System.arraycopy(from.halves, 0, halves, 0, halves.length);
        System.arraycopy(from.codes, 0, codes, 0, codes.length);
        System.arraycopy(from.scales, 0, scales, 0, scales.length);
    }

    /** Writes a position of all heads, {@code x [heads * length]} from an index on. */
    void write(int slot, float[] x, int from) {
        for (int head = 0; head < heads; head++) {
            int source = from + head * length;
            int to = head * TILE * width + slot * slotStep;
            switch (type) {
                case F32 -> {
                    for (int i = 0; i < length; i++) {
                        floats[to + i * elementStep] = x[source + i];
                    }
                }
                case F16 -> {
                    for (int i = 0; i < length; i++) {
                        halves[to + i * elementStep] = Float.floatToFloat16(x[source + i]);
                    }
                }
                case Q8_0 -> encode(head, slot, x, source, to);
            }
        }
    }

    private void encode(int head, int slot, float[] x, int source, int to) {
        int blocks = CacheType.blocks(length);
        for (int block = 0; block < blocks; block++) {
            int first = block * BLOCK;
            int end = Math.min(length, first + BLOCK);
            float largest = 0;
            for (int i = first; i < end; i++) {
                largest = Math.max(largest, Math.abs(x[source + i]));
            }
            float d = largest / MOST_CODE;
            float inverse = Math.min(1 / d, MOST_INVERSE);
            scales[(head * blocks + block) * TILE + slot] = Float.floatToFloat16(d);
            for (int i = first; i < end; i++) {
                codes[to + i * elementStep] = (byte) Math.rint(x[source + i] * inverse);
            }
        }
    }

    /**
     * The elements of a head as floats: where they lie, or decoded to a scratch of at least {@code
     * 64 * padded(length)}. They begin at {@link #at}.
     */
    float[] floats(int head, float[] scratch) {
        int from = head * TILE * width;
        switch (type) {
            case F32 -> {
                return floats;
            }
            case F16 -> {
                for (int i = 0; i < TILE * width; i++) {
                    scratch[i] = Float.float16ToFloat(halves[from + i]);
                }
            }
            case Q8_0 -> {
                int blocks = CacheType.blocks(length);
                for (int block = 0; block < blocks; block++) {
                    int first = block * BLOCK;
                    int end = Math.min(length, first + BLOCK);
                    int scale = (head * blocks + block) * TILE;
                    if (slotStep == 1) {
                        columns(first, end, from, scale, scratch);
                    } else {
                        rows(first, end, from, scale, scratch);
                    }
                }
            }
        }
        return scratch;
    }

    /** Where the elements of a head begin in what {@link #floats} gives. */
    int at(int head) {
        return type == CacheType.F32 ? head * TILE * width : 0;
    }

    /** Elements {@code first .. end - 1} of all positions, of keys. */
    private void columns(int first, int end, int from, int scale, float[] y) {
        for (int slot = 0; slot < TILE; slot++) {
            float d = Float.float16ToFloat(scales[scale + slot]);
            for (int i = first; i < end; i++) {
                y[i * TILE + slot] = codes[from + i * TILE + slot] * d;
            }
        }
    }

    /** Elements {@code first .. end - 1} of all positions, of values. */
    private void rows(int first, int end, int from, int scale, float[] y) {
        for (int slot = 0; slot < TILE; slot++) {
            float d = Float.float16ToFloat(scales[scale + slot]);
            for (int i = first; i < end; i++) {
                y[slot * width + i] = codes[from + slot * width + i] * d;
            }
        }
    }
}
