package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/**
 * How sixteen rows of a weight lie beside each other in packed memory, so that a vector register
 * holds the same place of sixteen rows: then a product needs no sum across its lanes. Along {@code
 * k} there are units, each with all that its decoding needs, so that a product reads one ascending
 * stream.
 *
 * <p>A unit is one block of the file, or two where those are of 32 elements. It begins with its
 * scales: for a block of 32 elements sixteen scales of 16 bits, then sixteen minima if the type has
 * them; for a block of 256 sixteen F16 or F32 scales of the whole block, and minima, then for each
 * part of 32 or 16 elements sixteen bytes that these are multiplied with, scales of all parts
 * first. Codes begin at the next multiple of 64 bytes.
 *
 * <p>Codes are cut into planes of 8, 4, 2 or 1 bits. The 32 elements of a block are eight groups of
 * four; in a vector, byte {@code 4 r + i} belongs to element {@code i} of a group of row {@code r}.
 * A plane of {@code w} bits has {@code w} vectors a block: group {@code g} is in vector {@code g %
 * w}, at bit {@code w * (g / w)} of each byte.
 *
 * <p>The blocks of IQ1, IQ2 and IQ3 name points of a lattice, of four or eight elements each. A
 * unit has a code for each element, so that no product looks up points: it is larger than the
 * blocks.
 */
public enum Format16 {
    Q4_0(TensorType.Q4_0, Scales.F16, 1, false, 8, 4),
    Q4_1(TensorType.Q4_1, Scales.F16, 1, true, 0, 4),
    Q5_0(TensorType.Q5_0, Scales.F16, 1, false, 16, 4, 1),
    Q5_1(TensorType.Q5_1, Scales.F16, 1, true, 0, 4, 1),
    Q8_0(TensorType.Q8_0, Scales.F16, 1, false, 128, 8),
    Q2_K(TensorType.Q2_K, Scales.UNSIGNED, 2, true, 0, 2),
    Q3_K(TensorType.Q3_K, Scales.SIGNED, 2, false, 4, 2, 1),
    Q4_K(TensorType.Q4_K, Scales.UNSIGNED, 1, true, 0, 4),
    Q5_K(TensorType.Q5_K, Scales.UNSIGNED, 1, true, 0, 4, 1),
    Q6_K(TensorType.Q6_K, Scales.SIGNED, 2, false, 32, 4, 2),
    IQ4_NL(TensorType.IQ4_NL, Scales.F16, 1, false, 128, 4),
    IQ4_XS(TensorType.IQ4_XS, Scales.SIGNED, 1, false, 128, 4),
    MXFP4(TensorType.MXFP4, Scales.BF16, 1, false, 128, 4),
    IQ1_S(TensorType.IQ1_S, Scales.WIDE, 1, false, 128, 2, 1),
    IQ1_M(TensorType.IQ1_M, Scales.WIDE, 2, false, 128, 2, 1),
    IQ2_XXS(TensorType.IQ2_XXS, Scales.WIDE, 1, false, 128, 2, 1),
    IQ2_XS(TensorType.IQ2_XS, Scales.WIDE, 2, false, 128, 2, 1),
    IQ2_S(TensorType.IQ2_S, Scales.WIDE, 2, false, 128, 2, 1),
    IQ3_XXS(TensorType.IQ3_XXS, Scales.WIDE, 1, false, 128, 4),
    IQ3_S(TensorType.IQ3_S, Scales.UNSIGNED, 1, false, 128, 4),
    TQ1_0(TensorType.TQ1_0, Scales.ONE, 1, false, 1, 2),
    TQ2_0(TensorType.TQ2_0, Scales.ONE, 1, false, 1, 2);

    /** What the scales of a block are made of. */
    public enum Scales {
        /** One F16 for each block of 32. */
        F16,
        /** One BF16 for each block of 32. */
        BF16,
        /** One F16 for a block of 256, all of it. */
        ONE,
        /** One F16 for a block of 256, times a byte from 0 to 255 for each part. */
        UNSIGNED,
        /** One F16 for a block of 256, times a byte from -128 to 127 for each part. */
        SIGNED,
        /**
         * One F32 for a block of 256, times a byte from 0 to 255 for each part: an eighth of an F16
         * may need more than an F16.
         */
        WIDE
    }

    /** Rows that lie beside each other. */
    public static final int ROWS = 16;

    /** Elements that share a scale of the activations. */
    public static final int BLOCK = 32;

    /** The elements of a block that stand in one dword of a vector. */
    public static final int GROUP = 4;

    private static final int VECTOR = 64;

    private final TensorType type;
    private final Scales scales;
    private final int parts;
    private final boolean minima;
    private final int zero;
    private final int[] planes;

    Format16(TensorType type, Scales scales, int parts, boolean minima, int zero, int... planes) {
        this.type = type;
        this.scales = scales;
        this.parts = parts;
        this.minima = minima;
        this.zero = zero;
        this.planes = planes;
    }

    /** The format of a type, or null if it has none yet. */
    public static @Nullable Format16 of(TensorType type) {
        for (Format16 format : values()) {
            if (format.type == type) {
                return format;
            }
        }
        return null;
    }

    public TensorType type() {
        return type;
    }

    public Scales scales() {
        return scales;
    }

    /** Parts of a block of 32 that have scales of their own: 1 or 2. */
    public int parts() {
        return parts;
    }

    /** Whether an element is {@code scale * code - minimum}. */
    public boolean hasMinima() {
        return minima;
    }

    /** The code that stands for 0. */
    public int zero() {
        return zero;
    }

    /** Whether a code is an index into one of the {@link Codebooks}. */
    public boolean hasCodebook() {
        return this == IQ4_NL || this == IQ4_XS || this == MXFP4 || hasLattice();
    }

    /** Whether the blocks of the file name points of a lattice. */
    boolean hasLattice() {
        return switch (this) {
            case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S -> true;
            default -> false;
        };
    }

    /** Bits of each plane of a code, the lowest bits first. */
    public int[] planes() {
        return planes.clone();
    }

    /** Blocks of 32 in a unit. */
    public int blocks() {
        return isSuper() ? type.blockSize() / BLOCK : 2;
    }

    /** Whether a unit is one block of 256 with a scale of its own. */
    public boolean isSuper() {
        return scales != Scales.F16 && scales != Scales.BF16;
    }

    /** Where the scale of a part begins in a unit. */
    public int scalesAt(int block, int part) {
        if (scales == Scales.ONE) {
            return 0;
        }
        return isSuper()
                ? superBytes() + (block * parts + part) * ROWS
                : block * (minima ? 2 : 1) * ROWS * Short.BYTES;
    }

    /** Where the minimum of a part begins in a unit. */
    public int minimaAt(int block, int part) {
        return isSuper()
                ? scalesAt(blocks(), 0) + (block * parts + part) * ROWS
                : scalesAt(block, part) + ROWS * Short.BYTES;
    }

    private int superBytes() {
        int width = scales == Scales.WIDE ? Float.BYTES : Short.BYTES;
        return (minima ? 2 : 1) * ROWS * width;
    }

    private int headBytes() {
        if (scales == Scales.ONE) {
            return superBytes();
        }
        return isSuper() && minima ? minimaAt(blocks(), 0) : scalesAt(blocks(), 0);
    }

    /** Where the vectors of a plane of a block begin in a unit. */
    public int planeAt(int block, int plane) {
        int at = (headBytes() + VECTOR - 1) / VECTOR * VECTOR;
        int bits = 0;
        for (int i = 0; i < planes.length; i++) {
            at += i < plane ? planes[i] * VECTOR : 0;
            bits += planes[i];
        }
        return at + block * bits * VECTOR;
    }

    /** Bytes of a unit of sixteen rows. */
    public int unitBytes() {
        return planeAt(blocks(), 0);
    }

    /** Units along a row; the last is filled up with zeros. */
    public int units(int in) {
        int perUnit = blocks() * BLOCK;
        return (in + perUnit - 1) / perUnit;
    }

    /** Bytes of sixteen rows. */
    public long groupBytes(int in) {
        return (long) units(in) * unitBytes();
    }
}
