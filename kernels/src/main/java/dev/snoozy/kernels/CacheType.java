package dev.snoozy.kernels;

/**
 * How keys and values are remembered. They are rounded once, when they are stored; all that is
 * computed with them is F32.
 */
public enum CacheType {
    /** As they are. */
    F32,
    /** Rounded to half precision, ties to even. */
    F16,
    /**
     * Codes of 8 bit, as GGUF's Q8_0: the head's elements in blocks of {@link #BLOCK}, the last of
     * which may be shorter; {@code x = code * d} with one F16 scale {@code d} per block.
     */
    Q8_0;

    /** Elements of a head that have a scale in common. */
    public static final int BLOCK = 32;

    /** What is usual beside activations of a precision: as exact as they are, or half the bytes. */
    public static CacheType beside(Precision precision) {
        return precision.exact() ? F32 : F16;
    }

    /** Bytes that one key or value of a head needs. */
    public long bytes(int elements) {
        return switch (this) {
            case F32 -> (long) elements * Float.BYTES;
            case F16 -> (long) elements * Short.BYTES;
            case Q8_0 -> elements + (long) blocks(elements) * Short.BYTES;
        };
    }

    /** Blocks of a head of so many elements. */
    public static int blocks(int elements) {
        return (elements + BLOCK - 1) / BLOCK;
    }
}
