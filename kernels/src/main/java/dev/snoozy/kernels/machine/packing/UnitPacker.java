package dev.snoozy.kernels.machine.packing;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes the units of weights of one format; see {@link Format16}. The codes of four elements are
 * one word in the blocks of a file as in a unit, so that all is done in words: most of them only
 * move, those of the K types exchange their fields with others. Layouts of the blocks: {@code
 * dev.snoozy.format.block}; those with lattices: {@link LatticePacker}.
 *
 * <p>Used by one thread.
 */
final class UnitPacker {
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROWS = Format16.ROWS;
    private static final int NIBBLES = 0x0F0F_0F0F;
    private static final int PAIRS = 0x0303_0303;
    private static final int BITS = 0x0101_0101;
    private static final int TOPS = 0x8080_8080;
    private static final int LANES = 0x00FF_00FF;
    private static final int EVEN_PAIRS = 0x3333_3333;
    private static final int EVEN_BITS = 0x5555_5555;

    /** Words of a vector. */
    private static final int VECTOR = 16;

    /** Bytes of units that are written at once: they stay in the innermost cache. */
    private static final int RUN = 16 << 10;

    private final Format16 format;
    private final int blockBytes;
    private final int blocksPerUnit;
    private final int unitWords;

    /** For each plane, where it begins in the first block of 32 of a unit. */
    private final int[] planes;

    /** Words from the codes of a block of 32 to those of the next one. */
    private final int stride;

    /** Bytes from the scales of a block of 32 to those of the next one, where it has its own. */
    private final int scaleBytes;

    private final BlockWords block = new BlockWords();
    private final int[] units;
    private final int[] eight = new int[8];
    private final @Nullable LatticePacker lattice;

    UnitPacker(Format16 format) {
        this.format = format;
        blockBytes = format.type().bytesPerBlock();
        blocksPerUnit = format.blocks() * Format16.BLOCK / format.type().blockSize();
        unitWords = format.unitBytes() / Integer.BYTES;
        planes = new int[format.planes().length];
        for (int plane = 0; plane < planes.length; plane++) {
            planes[plane] = format.planeAt(0, plane) / Integer.BYTES;
        }
        stride = format.planeAt(1, 0) / Integer.BYTES - planes[0];
        scaleBytes = format.scalesAt(1, 0) - format.scalesAt(0, 0);
        units = new int[Math.max(1, RUN / format.unitBytes()) * unitWords];
        lattice = format.hasLattice() ? new LatticePacker(format, block, units) : null;
    }

    /**
     * Packs units {@code from .. from + count - 1} of rows {@code 16 * group ..}. Rows beyond the
     * last, and elements beyond the end of a row, have scales of zero.
     *
     * @param source all rows, in the blocks of the file
     * @param to where the first unit begins in the target
     */
    void pack(
            int group,
            int rows,
            int in,
            int from,
            int count,
            MemorySegment source,
            MemorySegment target,
            long to) {
        long blocksPerRow = in / format.type().blockSize();
        int first = group * ROWS;
        int members = Math.min(ROWS, rows - first);
        int most = units.length / unitWords;
        for (int done = 0; done < count; done += most) {
            int now = Math.min(most, count - done);
            long number = (long) (from + done) * blocksPerUnit;
            int blocks = (int) Math.min((long) now * blocksPerUnit, blocksPerRow - number);
            Arrays.fill(units, 0, now * unitWords, 0);
            for (int r = 0; r < members; r++) {
                long at = ((first + r) * blocksPerRow + number) * blockBytes;
                block.read(source, at, blocks * blockBytes);
                row(blocks, r);
            }
            MemorySegment.copy(units, 0, target, WORD, to, now * unitWords);
            to += (long) now * format.unitBytes();
        }
    }

    /** Places blocks of a row, from the first unit on. */
    private void row(int blocks, int row) {
        for (int b = 0; b < blocks; b++) {
            int at = b * blockBytes;
            int unit = b / blocksPerUnit * unitWords;
            if (lattice != null) {
                lattice.place(at, unit, row);
            } else if (format.isSuper()) {
                large(at, unit, row);
            } else {
                small(at, unit, b % blocksPerUnit, row);
            }
        }
    }

    /** A block of 32 elements. */
    private void small(int at, int unit, int number, int row) {
        int scales = scaleBytes * number;
        int minima = scales + 2 * ROWS;
        int to = unit + planes[0] + number * stride + row;
        switch (format) {
            case Q4_0, IQ4_NL -> {
                half(unit, scales, row, block.half(at));
                words(at + 2, 4, 0, to);
            }
            case Q4_1 -> {
                half(unit, scales, row, block.half(at));
                half(unit, minima, row, added(at + 2));
                words(at + 4, 4, 0, to);
            }
            case Q5_0 -> {
                half(unit, scales, row, block.half(at));
                units[unit + planes[1] + number * stride + row] = fifthBits(block.word(at + 2));
                words(at + 6, 4, 0, to);
            }
            case Q5_1 -> {
                half(unit, scales, row, block.half(at));
                half(unit, minima, row, added(at + 2));
                units[unit + planes[1] + number * stride + row] = fifthBits(block.word(at + 4));
                words(at + 8, 4, 0, to);
            }
            case Q8_0 -> {
                half(unit, scales, row, block.half(at));
                words(at + 2, 8, TOPS, to); // plus 128
            }
            case MXFP4 -> {
                int exponent = block.octet(at);
                // 2^(e - 128): the values of the codebook are doubled; below e = 2 subnormal.
                int scale = exponent < 2 ? 0x20 << exponent : (exponent - 1) << 7;
                half(unit, scales, row, scale);
                words(at + 1, 4, 0, to);
            }
            default -> throw new IllegalStateException(format + " has no blocks of 32");
        }
    }

    /** A block of 256 elements, which is a unit. */
    private void large(int at, int unit, int row) {
        switch (format) {
            case Q2_K -> {
                half(unit, 0, row, block.half(at + 80));
                half(unit, 2 * ROWS, row, block.half(at + 82));
                for (int i = 0; i < 4; i++) {
                    int both = block.word(at + 4 * i);
                    octets(unit, format.scalesAt(0, 4 * i), row, both & NIBBLES);
                    octets(unit, format.minimaAt(0, 4 * i), row, both >>> 4 & NIBBLES);
                }
                pairs(at + 16, 0, unit, 0, row);
                pairs(at + 48, 0, unit, 4, row);
            }
            case Q3_K -> {
                half(unit, 0, row, block.half(at + 108));
                for (int i = 0; i < 4; i++) {
                    int low = block.word(at + 96 + 4 * (i % 2)) >>> (4 * (i / 2)) & NIBBLES;
                    int high = block.word(at + 104) >>> (2 * i) & PAIRS;
                    octets(unit, format.scalesAt(0, 4 * i), row, less32(low | high << 4));
                }
                bits(at, unit, row);
                pairs(at + 32, 0, unit, 0, row);
                pairs(at + 64, 0, unit, 4, row);
            }
            case Q4_K -> {
                sixBitScales(at, unit, row);
                for (int chunk = 0; chunk < 4; chunk++) {
                    nibbles(at + 16 + 32 * chunk, unit, 2 * chunk, 1, row);
                }
            }
            case Q5_K -> {
                sixBitScales(at, unit, row);
                bits(at + 16, unit, row);
                for (int chunk = 0; chunk < 4; chunk++) {
                    nibbles(at + 48 + 32 * chunk, unit, 2 * chunk, 1, row);
                }
            }
            case Q6_K -> {
                half(unit, 0, row, block.half(at + 208));
                for (int i = 0; i < 4; i++) {
                    octets(unit, format.scalesAt(2 * i, 0), row, block.word(at + 192 + 4 * i));
                }
                for (int half = 0; half < 2; half++) {
                    nibbles(at + 64 * half, unit, 4 * half, 2, row);
                    nibbles(at + 64 * half + 32, unit, 4 * half + 1, 2, row);
                    pairs(at + 128 + 32 * half, 1, unit, 4 * half, row);
                }
            }
            case IQ4_XS -> {
                half(unit, 0, row, block.half(at));
                int high = block.half(at + 2);
                int low = block.word(at + 4);
                for (int part = 0; part < 8; part++) {
                    int scale = (low >>> (4 * part) & 15) | (high >>> (2 * part) & 3) << 4;
                    octet(unit, format.scalesAt(part, 0), row, scale - 32);
                    words(at + 8 + 16 * part, 4, 0, unit + planes[0] + part * stride + row);
                }
            }
            case TQ1_0 -> {
                half(unit, 0, row, block.half(at + 52));
                digits(at, unit, row);
            }
            case TQ2_0 -> {
                half(unit, 0, row, block.half(at + 64));
                pairs(at, 0, unit, 0, row);
                pairs(at + 32, 0, unit, 4, row);
            }
            default -> throw new IllegalStateException(format + " has no blocks of 256");
        }
    }

    /** Twelve bytes for eight scales and eight minima of six bits, after two F16. */
    private void sixBitScales(int at, int unit, int row) {
        half(unit, 0, row, block.half(at));
        half(unit, 2 * ROWS, row, block.half(at + 2));
        int s = block.word(at + 4);
        int m = block.word(at + 8);
        int rest = block.word(at + 12);
        octets(unit, format.scalesAt(0, 0), row, s & 0x3F3F_3F3F);
        octets(unit, format.minimaAt(0, 0), row, m & 0x3F3F_3F3F);
        octets(unit, format.scalesAt(4, 0), row, (rest & NIBBLES) | (s >>> 2 & 0x3030_3030));
        octets(unit, format.minimaAt(4, 0), row, (rest >>> 4 & NIBBLES) | (m >>> 2 & 0x3030_3030));
    }

    /**
     * Bytes of five digits to the base 3 as a fraction of 256: the next digit is what comes above
     * it when it is multiplied with 3. Four bytes are taken at once, two and two.
     */
    private void digits(int at, int unit, int row) {
        for (int w = 0; w < 13; w++) {
            int word = block.word(at + 4 * w);
            int even = word & LANES;
            int odd = word >>> 8 & LANES;
            for (int run = 0; run < (w < 12 ? 5 : 4); run++) {
                even = (even & LANES) * 3;
                odd = (odd & LANES) * 3;
                int four = (even >>> 8 & 0x0003_0003) | (odd & 0x0300_0300);
                // Runs of eight words, then of four, then of one.
                int g = w < 8 ? 8 * run + w : w < 12 ? 40 + 4 * run + w - 8 : 60 + run;
                int vector = unit + planes[0] + g / 8 * stride + g % 2 * VECTOR;
                units[vector + row] |= four << (g % 8 / 2 * 2);
            }
        }
    }

    /** A minimum that the format adds instead of subtracting it. */
    private int added(int at) {
        return block.half(at) ^ 0x8000;
    }

    /** Four numbers of six bits, each less 32. */
    private static int less32(int six) {
        return ((six | TOPS) - 0x2020_2020) ^ TOPS;
    }

    /** The bit of element {@code 4 g + i} goes to bit {@code g} of byte {@code i}. */
    static int fifthBits(int bits) {
        int word = 0;
        for (int g = 0; g < 8; g++) {
            // The factor spreads four bits over four bytes.
            word |= (((bits >>> (4 * g) & 15) * 0x0020_4081) & BITS) << g;
        }
        return word;
    }

    /** Words that a unit has as the file has them, but for bits that are turned over. */
    private void words(int at, int count, int flip, int to) {
        block.scatter(at, count, flip, units, to, VECTOR);
    }

    /**
     * 32 bytes of two fields: field {@code s} of byte {@code i} is of element {@code i} of block
     * {@code first + s * step}. In a plane of four bits, field {@code t} of vector {@code v} is of
     * the elements of word {@code v + 4 t}: so the words {@code v} and {@code v + 4} exchange
     * fields.
     */
    private void nibbles(int at, int unit, int first, int step, int row) {
        int low = unit + planes[0] + first * stride + row;
        int high = low + step * stride;
        for (int v = 0; v < 4; v++) {
            int a = block.word(at + 4 * v);
            int b = block.word(at + 4 * v + 16);
            int differ = (a >>> 4 ^ b) & NIBBLES;
            units[low + VECTOR * v] = a ^ differ << 4;
            units[high + VECTOR * v] = b ^ differ;
        }
    }

    /** 32 bytes of four fields, for four blocks; likewise, with two bits and four words. */
    private void pairs(int at, int plane, int unit, int first, int row) {
        int to = unit + planes[plane] + first * stride + row;
        for (int v = 0; v < 2; v++) {
            int a = block.word(at + 4 * v);
            int b = block.word(at + 4 * v + 8);
            int c = block.word(at + 4 * v + 16);
            int d = block.word(at + 4 * v + 24);
            int ac = (a >>> 4 ^ c) & NIBBLES;
            int bd = (b >>> 4 ^ d) & NIBBLES;
            a ^= ac << 4;
            b ^= bd << 4;
            c ^= ac;
            d ^= bd;
            int ab = (a >>> 2 ^ b) & EVEN_PAIRS;
            int cd = (c >>> 2 ^ d) & EVEN_PAIRS;
            units[to + VECTOR * v] = a ^ ab << 2;
            units[to + VECTOR * v + stride] = b ^ ab;
            units[to + VECTOR * v + 2 * stride] = c ^ cd << 2;
            units[to + VECTOR * v + 3 * stride] = d ^ cd;
        }
    }

    /** 32 bytes of eight bits, for eight blocks; likewise, with one bit and eight words. */
    private void bits(int at, int unit, int row) {
        for (int i = 0; i < 8; i++) {
            eight[i] = block.word(at + 4 * i);
        }
        exchange(eight, 4, NIBBLES);
        exchange(eight, 2, EVEN_PAIRS);
        exchange(eight, 1, EVEN_BITS);
        int to = unit + planes[1] + row;
        for (int i = 0; i < 8; i++) {
            units[to + i * stride] = eight[i];
        }
    }

    /** The fields whose number has a bit that that of their word has not change places. */
    private static void exchange(int[] words, int bit, int mask) {
        for (int i = 0; i < words.length; i++) {
            if ((i & bit) == 0) {
                int differ = (words[i] >>> bit ^ words[i + bit]) & mask;
                words[i] ^= differ << bit;
                words[i + bit] ^= differ;
            }
        }
    }

    /** Writes the number of two bytes of a row among those of all rows. */
    private void half(int unit, int at, int row, int value) {
        put(units, 4 * unit + at + 2 * row, value);
    }

    /** Writes the byte of a row among those of all rows. */
    private void octet(int unit, int at, int row, int value) {
        put(units, 4 * unit + at + row, value & 0xFF);
    }

    /** Writes a number to the byte {@code place} of words, and those that follow. */
    static void put(int[] words, int place, int value) {
        words[place / 4] |= value << (place % 4 * Byte.SIZE);
    }

    /** Writes the bytes of a row for four parts one after another. */
    private void octets(int unit, int at, int row, int four) {
        for (int part = 0; part < 4; part++) {
            octet(unit, at + ROWS * part, row, four >>> (part * Byte.SIZE));
        }
    }
}
