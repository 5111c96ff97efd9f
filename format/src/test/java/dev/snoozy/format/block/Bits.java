package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * A block put together field by field: bit {@code n} is bit {@code n % 8} of byte {@code n / 8}.
 */
final class Bits {
    private final byte[] bytes;

    Bits(int bytes) {
        this.bytes = new byte[bytes];
    }

    /** Puts the low {@code width} bits of a value at a bit. */
    Bits put(int bit, int width, int value) {
        for (int i = 0; i < width; i++) {
            if ((value >> i & 1) == 1) {
                bytes[(bit + i) / 8] |= (byte) (1 << ((bit + i) % 8));
            }
        }
        return this;
    }

    /** Puts a number in half precision at a byte. */
    Bits half(int at, float value) {
        return put(8 * at, 16, Float.floatToFloat16(value));
    }

    MemorySegment segment() {
        return MemorySegment.ofArray(bytes);
    }
}
