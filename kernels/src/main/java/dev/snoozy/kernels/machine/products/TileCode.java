package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VFNMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Operand;
import dev.snoozy.kernels.x86.Vec;

import java.util.function.IntConsumer;

/**
 * Writes the product kernels of a tile of tokens with a panel of sixteen rows; the arithmetic is
 * that of {@link ProductCode}.
 *
 * <p>With 32 registers the sums of integers and the results of a tile are in registers. On a core
 * with one 512-bit multiplier a block of 16 rows and one token takes 10 of its slots: 8 VPDPBUSD, a
 * multiplication and a multiply-add; the kernel comes near that bound. With 16 registers the
 * results stay in memory, where each block adds to them: so sixteen rows of a tile share what is
 * loaded of the activations, and its tokens share the codes.
 */
final class TileCode {
    private static final int VECTOR = Isa.VECTOR;

    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr SCALES = Gpr.R10;
    private static final Gpr CONSTANTS = Gpr.R11;

    private final Assembler a = new Assembler();
    private final Isa isa;
    private final Format16 format;
    private final int tokens;

    /** Whether the results are in registers. */
    private final boolean inRegisters;

    private final Vec[] results;
    private final Vec[][] sums;
    private final Vec[][] codes;
    private final Vec[] activations;
    private final Vec both;
    private final IntegerSums integers;
    private int taken;

    private TileCode(Isa isa, Format16 format, int tokens) {
        this.isa = isa;
        this.format = format;
        this.tokens = tokens;
        inRegisters = isa.parts() == 1;
        results = take(inRegisters ? tokens : 0);
        sums = new Vec[tokens][];
        for (int t = 0; t < tokens; t++) {
            sums[t] = take(isa.parts());
        }
        int width = isa == Isa.AVX2 ? 2 : 1;
        codes = new Vec[isa.parts()][];
        for (int piece = 0; piece < codes.length; piece++) {
            codes[piece] = take(width);
        }
        activations = take(width);
        both = take(1)[0];
        Vec more = isa == Isa.AVX2 ? take(1)[0] : both;
        integers = new IntegerSums(a, isa, format, UnitCode.ones(CONSTANTS), both, more);
    }

    private Vec[] take(int count) {
        Vec[] vecs = new Vec[count];
        for (int i = 0; i < count; i++) {
            vecs[i] = isa.vec(taken++);
        }
        return vecs;
    }

    /** The most tokens of a tile, for which there are registers. */
    static int most(Isa isa) {
        return switch (isa) {
            case VNNI512 -> 12;
            case AVX_VNNI -> 6;
            case AVX2 -> 4;
        };
    }

    /**
     * A tile of tokens with a panel of sixteen rows.
     *
     * @param format of whose panels; what counts is the number of parts, whether it has minima, and
     *     how its codes are summed
     * @param tokens 1 to {@link #most}
     * @param goOn whether the results are added to what stands there, in a row that is taken in
     *     pieces
     */
    static byte[] write(Isa isa, Format16 format, int tokens, boolean goOn) {
        return new TileCode(isa, format, tokens).write(goOn);
    }

    private byte[] write(boolean goOn) {
        Abi.enter(a);
        a.mov(W, ProductParameter.WEIGHT.mem());
        a.mov(X, ProductParameter.ACTIVATIONS.mem());
        a.mov(COUNT, ProductParameter.COUNT.mem());
        a.mov(SCALES, ProductParameter.SCALES.mem());
        a.mov(CONSTANTS, ProductParameter.CONSTANTS.mem());
        begin(goOn);
        Label block = a.label(64);
        for (int part = 0; part < format.parts(); part++) {
            sum(part);
            if (inRegisters) {
                addInRegisters(part);
            } else {
                addInMemory(part);
            }
        }
        a.add(W, ProductCode.PANEL_CODES);
        a.add(X, tokens * Activations8.of(format).record());
        a.add(SCALES, ProductCode.panelScales(format));
        a.sub(COUNT, 1);
        a.jumpIfNotZero(block);
        if (inRegisters) {
            overTokens(t -> a.store(OUT.at(0), results[t]));
        }
        Abi.leave(a);
        return a.code();
    }

    /** Does something for each token, whose results are at {@code OUT}. */
    private void overTokens(IntConsumer use) {
        a.mov(OUT, ProductParameter.OUT.mem());
        for (int t = 0; t < tokens; t++) {
            use.accept(t);
            a.add(OUT, ProductParameter.STRIDE.mem());
        }
    }

    /** Brings the results so far to where they are added to. */
    private void begin(boolean goOn) {
        if (inRegisters && goOn) {
            overTokens(t -> a.load(results[t], OUT.at(0)));
        } else if (inRegisters) {
            for (Vec result : results) {
                a.zero(result);
            }
        } else if (!goOn) {
            a.zero(both);
            overTokens(t -> {
                for (int piece = 0; piece < isa.parts(); piece++) {
                    a.store(OUT.at(piece * isa.bytes()), both);
                }
            });
        }
    }

    /** Sums the codes of a part of a block times the activations. */
    private void sum(int part) {
        for (int t = 0; t < tokens; t++) {
            for (Vec sum : sums[t]) {
                integers.start(sum, correction(part, t));
            }
        }
        int groups = ProductCode.GROUPS / format.parts();
        for (int g = part * groups; g < (part + 1) * groups; g += integers.together()) {
            for (int piece = 0; piece < isa.parts(); piece++) {
                for (int i = 0; i < integers.together(); i++) {
                    a.load(codes[piece][i], W.at((g + i) * VECTOR + piece * isa.bytes()));
                }
                integers.prepare(codes[piece]);
            }
            for (int t = 0; t < tokens; t++) {
                Operand[] x = new Operand[integers.together()];
                for (int i = 0; i < x.length; i++) {
                    Mem place = X.at(t * Format16.BLOCK + (g + i) * Format16.GROUP);
                    x[i] = isa.all(a, place, activations[i]);
                }
                for (int piece = 0; piece < isa.parts(); piece++) {
                    integers.add(sums[t][piece], codes[piece], x);
                }
            }
        }
    }

    private Mem correction(int part, int t) {
        return X.at(Activations8.sumsAt(tokens, part) + t * Float.BYTES);
    }

    private Mem scale(int t) {
        return X.at(Activations8.scalesAt(tokens) + t * Float.BYTES);
    }

    /** Where the scales of a part stand in the scales of a panel. */
    private int scalesAt(int part) {
        return part * (format.hasMinima() ? 2 : 1) * VECTOR;
    }

    /** Adds a part of a block to results in registers. */
    private void addInRegisters(int part) {
        Vec w = codes[0][0];
        a.load(w, SCALES.at(scalesAt(part)));
        for (int t = 0; t < tokens; t++) {
            Vec sum = sums[t][0];
            a.op(VMULPS, both, w, scale(t).toAllLanes());
            a.op(VCVTDQ2PS, sum, sum);
            a.op(VFMADD231PS, results[t], sum, both);
        }
        if (format.hasMinima()) {
            a.load(w, SCALES.at(scalesAt(part) + VECTOR));
            for (int t = 0; t < tokens; t++) {
                a.op(VFNMADD231PS, results[t], w, correction(part, t).toAllLanes());
            }
        }
    }

    /** Adds a part of a block to results in memory. */
    private void addInMemory(int part) {
        Vec d = activations[0];
        Vec ofQ = codes[0][0];
        overTokens(t -> {
            a.op(VBROADCASTSS, d, scale(t));
            if (format.hasMinima()) {
                a.op(VBROADCASTSS, ofQ, correction(part, t));
            }
            for (int piece = 0; piece < isa.parts(); piece++) {
                Vec sum = sums[t][piece];
                Mem w = SCALES.at(scalesAt(part) + piece * isa.bytes());
                Mem out = OUT.at(piece * isa.bytes());
                integers.finish(sum, correction(part, t));
                a.op(VMULPS, both, d, w);
                a.op(VCVTDQ2PS, sum, sum);
                a.op(VFMADD213PS, sum, both, out);
                if (format.hasMinima()) {
                    a.op(VFNMADD231PS, sum, ofQ, SCALES.at(w.displacement() + VECTOR));
                }
                a.store(out, sum);
            }
        });
    }
}
