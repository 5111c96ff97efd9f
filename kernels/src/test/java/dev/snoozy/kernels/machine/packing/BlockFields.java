package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The fields of one block of a file, as integers: codes from 0 on, and what their scales are made
 * of, read element by element. Layouts: {@code dev.snoozy.format.block}. Used by one thread, for
 * one block after another.
 */
final class BlockFields {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST = 256;

    /** Codes, in the order of the elements. */
    final byte[] codes = new byte[LARGEST];

    /** For each part the byte that the scale is multiplied with. */
    final byte[] scales = new byte[LARGEST / 16];

    /** For each part the byte that the scale of the minima is multiplied with. */
    final byte[] minima = new byte[LARGEST / 16];

    /** The scale of the block: F16, or BF16 for MXFP4. */
    short scale;

    /** The scale of a block where that is an F32. */
    float wide;

    /** The scale of the minima, or the minimum itself, F16. */
    short minimum;

    private MemorySegment source = MemorySegment.NULL;
    private long at;

    /** Reads the block at {@code offset}. */
    void read(Format16 format, MemorySegment blocks, long offset) {
        source = blocks;
        at = offset;
        switch (format) {
            case Q4_0, IQ4_NL -> {
                scale = half(0);
                nibbles(2);
            }
            case Q4_1 -> {
                scale = half(0);
                minimum = added(2);
                nibbles(4);
            }
            case Q5_0 -> {
                scale = half(0);
                nibbles(6);
                fifthBits(2);
            }
            case Q5_1 -> {
                scale = half(0);
                minimum = added(2);
                nibbles(8);
                fifthBits(4);
            }
            case Q8_0 -> {
                scale = half(0);
                for (int i = 0; i < 32; i++) {
                    codes[i] = (byte) (octet(2 + i) + 128);
                }
            }
            case MXFP4 -> {
                int exponent = octet(0);
                // 2^(e - 128): the values of the codebook are doubled; below e = 2 subnormal.
                scale = (short) (exponent < 2 ? 0x20 << exponent : (exponent - 1) << 7);
                nibbles(1);
            }
            case Q2_K -> q2();
            case Q3_K -> q3();
            case Q4_K -> {
                sixBitScales();
                for (int i = 0; i < 256; i++) {
                    int chunk = i / 64;
                    codes[i] = (byte) nibble(16 + 32 * chunk + i % 32, i / 32 % 2);
                }
            }
            case Q5_K -> {
                sixBitScales();
                for (int i = 0; i < 256; i++) {
                    int low = nibble(48 + 32 * (i / 64) + i % 32, i / 32 % 2);
                    int high = (octet(16 + i % 32) >> (i / 32)) & 1;
                    codes[i] = (byte) (low | high << 4);
                }
            }
            case Q6_K -> q6();
            case IQ4_XS -> iq4xs();
            case TQ1_0 -> {
                scale = half(52);
                for (int i = 0; i < 256; i++) {
                    codes[i] = (byte) ternary(i);
                }
            }
            case TQ2_0 -> {
                scale = half(64);
                for (int i = 0; i < 256; i++) {
                    codes[i] = (byte) ((octet(32 * (i / 128) + i % 32) >> (2 * (i / 32 % 4))) & 3);
                }
            }
            case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S -> {
                LatticeFields lattice = new LatticeFields(format, source, at);
                scale = lattice.scale();
                wide = lattice.unit() * Float.float16ToFloat(scale);
                for (int part = 0; part < 8 * format.parts(); part++) {
                    scales[part] = (byte) lattice.factor(part);
                }
                byte[] book = Codebooks.of(format);
                for (int i = 0; i < 256; i++) {
                    codes[i] = (byte) place(lattice.value(i) + 128, book);
                }
            }
        }
    }

    private static int place(int value, byte[] book) {
        for (int i = 0; i < book.length; i++) {
            if ((book[i] & 0xFF) == value) {
                return i;
            }
        }
        throw new IllegalStateException("the codebook has no " + value);
    }

    /** Five digits to the base 3 in a byte, the first ones of all bytes first. */
    private int ternary(int element) {
        int at = element % 32;
        int number = element / 32;
        if (element >= 240) {
            at = 48 + element % 4;
            number = (element - 240) / 4;
        } else if (element >= 160) {
            at = 32 + element % 16;
            number = (element - 160) / 16;
        }
        int q = octet(at);
        for (int i = 0; i < number; i++) {
            q = q * 3 % 256;
        }
        return q * 3 / 256;
    }

    private void nibbles(int from) {
        for (int i = 0; i < 16; i++) {
            codes[i] = (byte) nibble(from + i, 0);
            codes[16 + i] = (byte) nibble(from + i, 1);
        }
    }

    private void fifthBits(int from) {
        for (int i = 0; i < 32; i++) {
            codes[i] |= (byte) (((octet(from + i / 8) >> (i % 8)) & 1) << 4);
        }
    }

    private void q2() {
        for (int part = 0; part < 16; part++) {
            scales[part] = (byte) nibble(part, 0);
            minima[part] = (byte) nibble(part, 1);
        }
        for (int i = 0; i < 256; i++) {
            int chunk = i / 128;
            codes[i] = (byte) ((octet(16 + 32 * chunk + i % 32) >> (2 * (i / 32 % 4))) & 3);
        }
        scale = half(80);
        minimum = half(82);
    }

    /** Scales of six bits: four in the lower half of a byte, two in one of the last four bytes. */
    private void q3() {
        for (int part = 0; part < 16; part++) {
            int low = nibble(96 + part % 8, part / 8);
            int high = (octet(104 + part % 4) >> (2 * (part / 4))) & 3;
            scales[part] = (byte) ((low | high << 4) - 32);
        }
        for (int i = 0; i < 256; i++) {
            int chunk = i / 128;
            int low = (octet(32 + 32 * chunk + i % 32) >> (2 * (i / 32 % 4))) & 3;
            int high = (octet(i % 32) >> (i / 32)) & 1;
            codes[i] = (byte) (low | high << 2);
        }
        scale = half(108);
    }

    /** Twelve bytes for eight scales and eight minima of six bits, after two F16. */
    private void sixBitScales() {
        scale = half(0);
        minimum = half(2);
        for (int part = 0; part < 4; part++) {
            int s = octet(4 + part);
            int m = octet(8 + part);
            int rest = octet(12 + part);
            scales[part] = (byte) (s & 63);
            minima[part] = (byte) (m & 63);
            scales[4 + part] = (byte) ((rest & 15) | (s >> 6) << 4);
            minima[4 + part] = (byte) ((rest >> 4) | (m >> 6) << 4);
        }
    }

    private void q6() {
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int quarter = i / 32 % 4;
            int low = nibble(64 * half + 32 * (quarter % 2) + i % 32, quarter / 2);
            int high = (octet(128 + 32 * half + i % 32) >> (2 * quarter)) & 3;
            codes[i] = (byte) (low | high << 4);
        }
        for (int part = 0; part < 16; part++) {
            scales[part] = (byte) octet(192 + part);
        }
        scale = half(208);
    }

    private void iq4xs() {
        scale = half(0);
        for (int part = 0; part < 8; part++) {
            int low = nibble(4 + part / 2, part % 2);
            int high = (octet(2 + part / 4) >> (2 * (part % 4))) & 3;
            scales[part] = (byte) ((low | high << 4) - 32);
        }
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) nibble(8 + 16 * (i / 32) + i % 16, i / 16 % 2);
        }
    }

    private short half(int offset) {
        return source.get(SHORT, at + offset);
    }

    /** A minimum that the format adds instead of subtracting it. */
    private short added(int offset) {
        return (short) (half(offset) ^ 0x8000);
    }

    private int octet(int offset) {
        return source.get(ValueLayout.JAVA_BYTE, at + offset) & 0xFF;
    }

    private int nibble(int offset, int upper) {
        return (octet(offset) >> (4 * upper)) & 15;
    }
}
