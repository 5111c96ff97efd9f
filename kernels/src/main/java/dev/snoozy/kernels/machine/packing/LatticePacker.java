package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.block.Codebook;

/**
 * Writes the codes and scales of blocks that name points of a lattice, of four or eight elements
 * each. A code is the digit of an element, and above its bits the sign of the element, or for IQ1
 * whether its point is shifted down: so a word of four codes comes from a table, and the signs of a
 * block are put in together. Layouts of the blocks: {@code dev.snoozy.format.block}.
 *
 * <p>Used by one thread.
 */
final class LatticePacker {
    private static final int VECTOR = 16;
    private static final int BITS = 0x0101_0101;

    private final Format16 format;
    private final BlockWords block;
    private final int[] units;

    /** The digits of each four elements of each point, a byte each. */
    private final int[] digits;

    /** For each plane, where it begins in the first block of 32 of a unit. */
    private final int codesAt;

    private final int signsAt;

    /** Words from the codes of a block of 32 to those of the next one. */
    private final int stride;

    /** The points of a block of 32. */
    private final int[] points = new int[8];

    /**
     * A packer of a format.
     *
     * @param block where it reads
     * @param units where it writes
     */
    LatticePacker(Format16 format, BlockWords block, int[] units) {
        this.format = format;
        this.block = block;
        this.units = units;
        digits = digits(format);
        codesAt = format.planeAt(0, 0) / Integer.BYTES;
        signsAt = format.planeAt(0, 1) / Integer.BYTES;
        stride = format.planeAt(1, 0) / Integer.BYTES - codesAt;
    }

    private static int[] digits(Format16 format) {
        Codebook lattice = Codebook.of(format == Format16.IQ1_M ? "IQ1_S" : format.name());
        float[] values = lattice.values();
        int[] digits = new int[values.length / Format16.GROUP];
        for (int i = 0; i < values.length; i++) {
            digits[i / 4] |= digit(format, (int) values[i]) << (i % 4 * Byte.SIZE);
        }
        return digits;
    }

    /** Which of the values of its lattice, from the smallest on, an element has. */
    private static int digit(Format16 format, int value) {
        return switch (format) {
            case IQ1_S, IQ1_M -> value + 1; // -1, 0, 1
            case IQ3_S -> value / 2; // 1, 3 .. 15
            case IQ3_XXS -> value / 8; // 4, 12 .. 52, 62
            default -> value / 17; // 8, 25, 43
        };
    }

    /** Places the block of 256 elements at {@code at}, which becomes a row of a unit. */
    void place(int at, int unit, int row) {
        switch (format) {
            case IQ1_S -> {
                wide(block.half(at), 0.125f, unit, row);
                for (int b = 0; b < 8; b++) {
                    int word = block.half(at + 34 + 2 * b);
                    scale(b, 0, unit, row, word >>> 12 & 7);
                    for (int i = 0; i < 4; i++) {
                        int high = word >>> (3 * i) & 7;
                        points[i] = block.octet(at + 2 + 4 * b + i) | high << 8;
                    }
                    eights(b, unit, row, (word & 0x8000) == 0 ? 0 : -1);
                }
            }
            case IQ1_M -> shifts(at, unit, row);
            case IQ2_XXS -> {
                wide(block.half(at), 0.125f, unit, row);
                for (int b = 0; b < 8; b++) {
                    int word = block.word(at + 6 + 8 * b);
                    scale(b, 0, unit, row, word >>> 28);
                    for (int i = 0; i < 4; i++) {
                        points[i] = block.octet(at + 2 + 8 * b + i);
                    }
                    eights(b, unit, row, fourTimesSeven(word));
                }
            }
            case IQ2_XS -> {
                wide(block.half(at), 0.125f, unit, row);
                for (int b = 0; b < 8; b++) {
                    nibbles(at + 66 + b, b, unit, row);
                    int signs = 0;
                    for (int i = 0; i < 4; i++) {
                        int q = block.half(at + 2 + 8 * b + 2 * i);
                        points[i] = q & 511;
                        signs |= Codebook.signs(q >>> 9) << (8 * i);
                    }
                    eights(b, unit, row, signs);
                }
            }
            case IQ2_S -> {
                wide(block.half(at), 0.125f, unit, row);
                for (int b = 0; b < 8; b++) {
                    nibbles(at + 74 + b, b, unit, row);
                    int high = block.octet(at + 66 + b);
                    for (int i = 0; i < 4; i++) {
                        points[i] = block.octet(at + 2 + 4 * b + i) | (high >>> (2 * i) & 3) << 8;
                    }
                    eights(b, unit, row, block.word(at + 34 + 4 * b));
                }
            }
            case IQ3_XXS -> {
                wide(block.half(at), 0.25f, unit, row);
                for (int b = 0; b < 8; b++) {
                    int word = block.word(at + 66 + 4 * b);
                    scale(b, 0, unit, row, word >>> 28);
                    for (int i = 0; i < 8; i++) {
                        points[i] = block.octet(at + 2 + 8 * b + i);
                    }
                    fours(b, unit, row, fourTimesSeven(word));
                }
            }
            case IQ3_S -> {
                UnitPacker.put(units, 4 * unit + 2 * row, block.half(at));
                for (int b = 0; b < 8; b++) {
                    scale(b, 0, unit, row, block.octet(at + 106 + b / 2) >>> (4 * (b % 2)) & 15);
                    int high = block.octet(at + 66 + b);
                    for (int i = 0; i < 8; i++) {
                        points[i] = block.octet(at + 2 + 8 * b + i) | (high >>> i & 1) << 8;
                    }
                    fours(b, unit, row, block.word(at + 74 + 4 * b));
                }
            }
            default -> throw new IllegalStateException(format + " has no lattice");
        }
    }

    /** IQ1_M: four shorts hold twelve bits of scales each, and four bits of the block's. */
    private void shifts(int at, int unit, int row) {
        int d = 0;
        for (int i = 0; i < 4; i++) {
            d |= block.half(at + 48 + 2 * i) >>> 12 << (4 * i);
        }
        wide(d, 0.125f, unit, row);
        for (int b = 0; b < 8; b++) {
            int scales = block.half(at + 48 + b / 2 * 2) >>> (6 * (b % 2));
            scale(b, 0, unit, row, scales & 7);
            scale(b, 1, unit, row, scales >>> 3 & 7);
            int high = block.half(at + 32 + 2 * b);
            int down = 0;
            for (int i = 0; i < 4; i++) {
                int nibble = high >>> (4 * i) & 15;
                points[i] = block.octet(at + 4 * b + i) | (nibble & 7) << 8;
                down |= (nibble >>> 3) * 0xFF << (8 * i);
            }
            eights(b, unit, row, down);
        }
    }

    /** The F16 scale of a block of 256, times the part of one that its codes count. */
    private void wide(int half, float part, int unit, int row) {
        float scale = Float.float16ToFloat((short) half) * part;
        units[unit + row] = Float.floatToIntBits(scale);
    }

    /** A scale of the file, which stands for an odd number. */
    private void scale(int b, int part, int unit, int row, int value) {
        UnitPacker.put(units, 4 * unit + format.scalesAt(b, part) + row, 2 * value + 1);
    }

    /** The two scales of a block of 32, in one byte. */
    private void nibbles(int at, int b, int unit, int row) {
        int both = block.octet(at);
        scale(b, 0, unit, row, both & 15);
        scale(b, 1, unit, row, both >>> 4);
    }

    /** The signs of 32 elements of which each eight have seven bits. */
    private static int fourTimesSeven(int word) {
        int signs = 0;
        for (int i = 0; i < 4; i++) {
            signs |= Codebook.signs(word >>> (7 * i) & 127) << (8 * i);
        }
        return signs;
    }

    /** Four points of eight elements: planes of two bits and of one. */
    private void eights(int b, int unit, int row, int signs) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < 4; i++) {
            even |= digits[2 * points[i]] << (2 * i);
            odd |= digits[2 * points[i] + 1] << (2 * i);
        }
        int to = unit + b * stride + row;
        units[to + codesAt] = even;
        units[to + codesAt + VECTOR] = odd;
        units[to + signsAt] = UnitPacker.fifthBits(signs);
    }

    /** Eight points of four elements: a plane of four bits. */
    private void fours(int b, int unit, int row, int signs) {
        int to = unit + codesAt + b * stride + row;
        for (int v = 0; v < 4; v++) {
            int low = digits[points[v]] | signed(signs >>> (4 * v)) << 3;
            int high = digits[points[v + 4]] | signed(signs >>> (4 * v + 16)) << 3;
            units[to + v * VECTOR] = low | high << 4;
        }
    }

    /** The first four bits, each in a byte. */
    private static int signed(int bits) {
        return ((bits & 15) * 0x0020_4081) & BITS; // the factor spreads them
    }
}
