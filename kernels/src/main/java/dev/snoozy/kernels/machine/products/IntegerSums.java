package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VPABSB;
import static dev.snoozy.kernels.x86.VectorOp.VPADDD;
import static dev.snoozy.kernels.x86.VectorOp.VPADDW;
import static dev.snoozy.kernels.x86.VectorOp.VPBROADCASTD;
import static dev.snoozy.kernels.x86.VectorOp.VPDPBUSD;
import static dev.snoozy.kernels.x86.VectorOp.VPMADDUBSW;
import static dev.snoozy.kernels.x86.VectorOp.VPMADDWD;
import static dev.snoozy.kernels.x86.VectorOp.VPSIGNB;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Operand;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the sums of codes times activations over a part of a block, four elements of each row at a
 * time. They are exact, and so the same on every set of instructions.
 *
 * <p>AVX2 has no instruction that sums four products of bytes. VPMADDUBSW sums two, unsigned times
 * signed, into 16 bits, and cuts off what does not fit: how it can be used depends on the largest
 * code, beside activations of -127 to 127.
 */
final class IntegerSums {
    private static final int LARGEST_ACTIVATION = 127;

    /** Ways to sum. */
    enum Way {
        /** Four products at once into 32 bits: VPDPBUSD. */
        DOT,
        /** In 16 bits over the whole part: codes are that small. */
        WORDS,
        /** In 16 bits over two groups, then in 32 bits. */
        PAIRS,
        /** Codes less 128, as their amount and their sign, of which the activation takes over. */
        SIGNS
    }

    private final Assembler a;
    private final Way way;
    private final boolean corrected;
    private final Mem ones;
    private final Vec scratch;
    private final Vec more;

    /**
     * Sums for codes of a format.
     *
     * @param ones sixteen integers 1 of 16 bits
     * @param scratch changed by a sum, and {@code more} too
     */
    IntegerSums(Assembler a, Isa isa, Format16 format, Mem ones, Vec scratch, Vec more) {
        this.a = a;
        this.ones = ones;
        this.scratch = scratch;
        this.more = more;
        way = way(isa, format);
        corrected = !format.hasMinima() && way != Way.SIGNS;
    }

    /** How the codes of a format are summed. */
    static Way way(Isa isa, Format16 format) {
        if (isa != Isa.AVX2) {
            return Way.DOT;
        }
        int bits = 0;
        for (int plane : format.planes()) {
            bits += plane;
        }
        if (format.hasCodebook() || bits == Byte.SIZE) {
            return Way.SIGNS;
        }
        int two = 2 * ((1 << bits) - 1) * LARGEST_ACTIVATION;
        return two * (ProductCode.GROUPS / format.parts()) <= Short.MAX_VALUE
                ? Way.WORDS
                : Way.PAIRS;
    }

    /** Whether the codes are to come less 128. */
    static boolean signed(Isa isa, Format16 format) {
        return way(isa, format) == Way.SIGNS;
    }

    /** Groups that are best summed together. */
    int together() {
        return way == Way.PAIRS ? 2 : 1;
    }

    /**
     * Begins a sum.
     *
     * @param correction what undoes that codes are shifted to be positive
     */
    void start(Vec sum, Mem correction) {
        if (corrected && way != Way.WORDS) {
            a.op(VPBROADCASTD, sum, correction);
        } else {
            a.zero(sum);
        }
    }

    /** Makes codes ready to be summed: the first of two registers holds them. */
    void prepare(Vec[] codes) {
        if (way == Way.SIGNS) {
            a.op(VPABSB, codes[1], codes[0]);
        }
    }

    /**
     * Adds the products of a group, or of groups together.
     *
     * @param codes of each group
     * @param x the activations of each group, the same in all rows
     */
    void add(Vec sum, Vec[] codes, Operand[] x) {
        switch (way) {
            case DOT -> a.op(VPDPBUSD, sum, codes[0], x[0]);
            case WORDS -> {
                a.op(VPMADDUBSW, scratch, codes[0], x[0]);
                a.op(VPADDW, sum, sum, scratch);
            }
            case PAIRS -> {
                a.op(VPMADDUBSW, scratch, codes[0], x[0]);
                if (x.length > 1) {
                    a.op(VPMADDUBSW, more, codes[1], x[1]);
                    a.op(VPADDW, scratch, scratch, more);
                }
                a.op(VPMADDWD, scratch, scratch, ones);
                a.op(VPADDD, sum, sum, scratch);
            }
            case SIGNS -> {
                a.op(VPSIGNB, scratch, (Vec) x[0], codes[0]);
                a.op(VPMADDUBSW, scratch, codes[1], scratch);
                a.op(VPMADDWD, scratch, scratch, ones);
                a.op(VPADDD, sum, sum, scratch);
            }
        }
    }

    /** Ends a sum, which then is one of 32 bits. */
    void finish(Vec sum, Mem correction) {
        if (way == Way.WORDS) {
            a.op(VPMADDWD, sum, sum, ones);
            if (corrected) {
                a.op(VPBROADCASTD, scratch, correction);
                a.op(VPADDD, sum, sum, scratch);
            }
        }
    }
}
