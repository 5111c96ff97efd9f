package dev.snoozy.format;

import java.util.Optional;

/**
 * The number formats of safetensors files, with the names that stand there (safetensors format, its
 * {@code dtype}). Numbers are little endian.
 */
public enum SafetensorType {
    /** A byte, 0 or 1. */
    BOOL(8),
    /** E2M1, two to a byte (OCP Microscaling Formats 1.0). */
    F4(4),
    /** Six bits, four to three bytes (OCP Microscaling Formats 1.0). */
    F6_E2M3(6),
    /** Six bits, four to three bytes (OCP Microscaling Formats 1.0). */
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    /** A power of two, the scale of a microscaling block. */
    F8_E8M0(8),
    /** Without infinities and negative zero. */
    F8_E4M3FNUZ(8),
    /** Without infinities and negative zero. */
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    /** The upper half of an {@link #F32}. */
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    /** Complex: two {@link #F32}. */
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    SafetensorType(int bits) {
        this.bits = bits;
    }

    /** Bits of an element. */
    public int bits() {
        return bits;
    }

    /** The type of that name, if this reader knows it. */
    public static Optional<SafetensorType> byName(String name) {
        for (SafetensorType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * The bytes of {@code elements} elements.
     *
     * @throws ArithmeticException if they do not fill whole bytes, or the size overflows
     */
    public long bytes(long elements) {
        long size = Math.multiplyExact(elements, (long) bits);
        if (size % 8 != 0) {
            throw new ArithmeticException(
                    "%d elements of %s do not fill whole bytes".formatted(elements, this));
        }
        return size / 8;
    }
}
