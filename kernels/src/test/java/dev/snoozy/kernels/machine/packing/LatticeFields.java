package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.block.Codebook;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fields of one block that names points of a lattice, element by element. An element is {@code
 * unit * scale * factor * value}, all but the scale integers or powers of two.
 *
 * @param at where the block begins
 */
record LatticeFields(Format16 format, MemorySegment source, long at) {
    private static final Map<String, Codebook> LATTICES = new ConcurrentHashMap<>();

    /** The F16 scale of the block. */
    short scale() {
        if (format != Format16.IQ1_M) {
            return (short) u16(0);
        }
        int bits = 0;
        for (int i = 3; i >= 0; i--) {
            bits = bits << 4 | u16(48 + 2 * i) >> 12;
        }
        return (short) bits;
    }

    /** What the scale is to be multiplied with, so that the rest is integers. */
    float unit() {
        return switch (format) {
            case IQ3_XXS -> 1 / 4f;
            case IQ3_S -> 1;
            default -> 1 / 8f;
        };
    }

    /** The scale of a part of 32 elements, or of 16. */
    int factor(int part) {
        int scale =
                switch (format) {
                    case IQ1_S -> u16(34 + 2 * part) >> 12 & 7;
                    case IQ1_M -> u16(48 + 2 * (part / 4)) >> (3 * (part % 4)) & 7;
                    case IQ2_XXS -> u16(2 + 8 * part + 6) >> 12;
                    case IQ2_XS -> u8(66 + part / 2) >> (4 * (part % 2)) & 15;
                    case IQ2_S -> u8(74 + part / 2) >> (4 * (part % 2)) & 15;
                    case IQ3_XXS -> u16(66 + 4 * part + 2) >> 12;
                    default -> u8(106 + part / 2) >> (4 * (part % 2)) & 15;
                };
        return 1 + 2 * scale;
    }

    /** The value of an element, one of the codebook. */
    int value(int element) {
        String name = format == Format16.IQ1_M ? "IQ1_S" : format.name();
        Codebook lattice = LATTICES.computeIfAbsent(name, Codebook::of);
        int width = lattice.width();
        int digit = (int) lattice.values()[point(element / width) * width + element % width];
        boolean negative = (signs(element / 8) >> (element % 8) & 1) == 1;
        return switch (format) {
            case IQ1_S, IQ1_M -> 8 * digit + (negative ? -1 : 1);
            default -> negative ? -digit : digit;
        };
    }

    /** A point of eight elements, or of four for IQ3. */
    private int point(int i) {
        return switch (format) {
            case IQ1_S -> u8(2 + i) | (u16(34 + i / 4 * 2) >> (3 * (i % 4)) & 7) << 8;
            case IQ1_M -> u8(i) | (u8(32 + i / 2) >> (4 * (i % 2)) & 7) << 8;
            case IQ2_XXS -> u8(2 + 8 * (i / 4) + i % 4);
            case IQ2_XS -> u16(2 + 2 * i) & 511;
            case IQ2_S -> u8(2 + i) | (u8(66 + i / 4) >> (2 * (i % 4)) & 3) << 8;
            case IQ3_XXS -> u8(2 + i);
            default -> u8(2 + i) | (u8(66 + i / 8) >> (i % 8) & 1) << 8;
        };
    }

    /** The signs of eight elements; for IQ1 they are those of the shift. */
    private int signs(int eight) {
        return switch (format) {
            case IQ1_S -> -(u16(34 + eight / 4 * 2) >> 15);
            case IQ1_M -> -(u8(32 + eight / 2) >> (4 * (eight % 2) + 3) & 1);
            case IQ2_XXS -> seven(6 + eight / 4 * 8, eight % 4);
            case IQ2_XS -> Codebook.signs(u16(2 + 2 * eight) >> 9);
            case IQ2_S -> u8(34 + eight);
            case IQ3_XXS -> seven(66 + eight / 4 * 4, eight % 4);
            default -> u8(74 + eight);
        };
    }

    private int seven(int place, int number) {
        int word = u16(place) | u16(place + 2) << 16;
        return Codebook.signs(word >> (7 * number) & 127);
    }

    private int u8(int offset) {
        return source.get(ValueLayout.JAVA_BYTE, at + offset) & 0xFF;
    }

    private int u16(int offset) {
        return u8(offset) | u8(offset + 1) << 8;
    }
}
