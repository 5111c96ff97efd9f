package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;

/**
 * Where keys and values lie in a page. The keys of a head are {@code [keyLength, 64]}, so that a
 * vector holds one element of several positions, the values {@code [64, columns]}, where the
 * columns of a head are rounded up to sixteen. First come the keys of all heads, then the values.
 *
 * <p>As Q8_0 the keys of a head are, for each block of 32 elements, {@code [64]} scales and then
 * {@code [elements, 64]} codes; a position's values are its codes and then the scales of its
 * blocks.
 */
public record CacheLayout(CacheType type, int kvHeads, int keyLength, int valueLength) {
    /** Positions of a page, which is a tile of the sums too. */
    static final int TILE = KvPages.PAGE;

    private static final int LANES = 16;

    /** Bytes of the scales of a block of keys. */
    static final int KEY_SCALES = TILE * Short.BYTES;

    /** Elements of a head, rounded up to sixteen. */
    static int padded(int length) {
        return (length + LANES - 1) / LANES * LANES;
    }

    /** Columns of a head's values, rounded up. */
    int columns() {
        return padded(valueLength);
    }

    /** Bytes from an element of the keys to the next one, within a block. */
    int keyRow() {
        return TILE * elementBytes();
    }

    /** Bytes from a position's values to the next ones. */
    int valueRow() {
        int scales = type == CacheType.Q8_0 ? CacheType.blocks(valueLength) * Short.BYTES : 0;
        return columns() * elementBytes() + scales;
    }

    /** Bytes of an element, without scales. */
    int elementBytes() {
        return switch (type) {
            case F32 -> Float.BYTES;
            case F16 -> Short.BYTES;
            case Q8_0 -> Byte.BYTES;
        };
    }

    /** Bytes of a head's keys in a page. */
    int keyBytes() {
        int scales = type == CacheType.Q8_0 ? CacheType.blocks(keyLength) * KEY_SCALES : 0;
        return keyLength * keyRow() + scales;
    }

    /** Bytes of a head's values in a page. */
    int valueBytes() {
        return TILE * valueRow();
    }

    /** Where the keys of a head begin in a page. */
    long keys(int kvHead) {
        return (long) kvHead * keyBytes();
    }

    /** Where the values of a head begin in a page. */
    long values(int kvHead) {
        return (long) kvHeads * keyBytes() + (long) kvHead * valueBytes();
    }

    /** Bytes of a page: a multiple of 64, as all its parts. */
    long pageBytes() {
        return (long) kvHeads * (keyBytes() + valueBytes());
    }
}
