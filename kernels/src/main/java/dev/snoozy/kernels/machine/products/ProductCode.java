package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
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

/**
 * Writes the product kernels that read packed units; {@link TileCode} writes those over panels.
 * Each part of a block of 32 elements, which is mostly the whole of it, gives an exact sum of
 * integers; then {@code acc = fma(float(sum), scale of w * d of x, acc)} and, where the weights
 * have minima, {@code acc = fma(-minimum, d * sum of q, acc)}: one accumulator per output, blocks
 * ascending ({@code docs/numerics.md}). All kernels on all sets of instructions do the same
 * arithmetic, so their results are equal bit for bit.
 */
final class ProductCode {
    /** Bytes of the codes of a block of sixteen rows in a decoded panel. */
    static final int PANEL_CODES = 512;

    /** Groups of four elements in a block. */
    static final int GROUPS = Format16.BLOCK / Format16.GROUP;

    /** Bytes from what is computed to what is asked for. */
    private static final int AHEAD = 8192;

    private static final int VECTOR = Isa.VECTOR;

    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr ROWS = Gpr.R10; // groups of them
    private static final Gpr SCALES = Gpr.R10;
    private static final Gpr CONSTANTS = Gpr.R11;

    private final Assembler a = new Assembler();
    private final Isa isa;
    private final Format16 format;
    private final UnitCode unit;

    private ProductCode(Isa isa, Format16 format) {
        this.isa = isa;
        this.format = format;
        unit = new UnitCode(a, isa, format, W, CONSTANTS);
    }

    /** Bytes of a block of sixteen rows in the scales of a panel. */
    static int panelScales(Format16 format) {
        return format.parts() * (format.hasMinima() ? 2 : 1) * VECTOR;
    }

    /** The most tokens that go through the vector kernel: two registers each, and some to spare. */
    static int few(Isa isa) {
        return isa.registers() == 32 ? 8 : 1;
    }

    /**
     * One tile of few tokens with groups of sixteen rows, straight from the packed units: worth it
     * as long as decoding the units costs more than multiplying.
     */
    static byte[] vector(Isa isa, Format16 format, int tokens) {
        return new ProductCode(isa, format).vector(tokens);
    }

    /** Decodes packed units of sixteen rows to a panel: codes in {@code OUT}, scales, minima. */
    static byte[] panel(Isa isa, Format16 format) {
        return new ProductCode(isa, format).panel();
    }

    private Vec free(int index) {
        return isa.vec(UnitCode.FREE + index);
    }

    private byte[] vector(int tokens) {
        int record = tokens * Activations8.of(format).record();
        Vec[][] results = new Vec[tokens][];
        Vec[][] sums = new Vec[tokens][];
        int register = 0;
        for (int t = 0; t < tokens; t++) {
            results[t] = free(register, isa.parts());
            sums[t] = free(register + isa.parts(), isa.parts());
            register += 2 * isa.parts();
        }
        Abi.enter(a);
        a.mov(W, ProductParameter.WEIGHT.mem());
        a.mov(OUT, ProductParameter.OUT.mem());
        a.mov(ROWS, ProductParameter.STRIDE.mem());
        a.mov(CONSTANTS, ProductParameter.CONSTANTS.mem());
        unit.loadConstants();
        Label group = a.label(32);
        a.mov(X, ProductParameter.ACTIVATIONS.mem()); // every group reads them again
        a.mov(COUNT, ProductParameter.COUNT.mem());
        for (Vec[] result : results) {
            for (Vec piece : result) {
                a.zero(piece);
            }
        }
        Label next = a.label(32);
        unit.superScales();
        for (int block = 0; block < format.blocks(); block++) {
            for (int part = 0; part < format.parts(); part++) {
                vectorPart(block, part, block * record, results, sums, register);
            }
        }
        a.add(W, format.unitBytes());
        a.add(X, format.blocks() * record);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(next);
        a.mov(X, OUT);
        for (int t = 0; t < tokens; t++) {
            for (int piece = 0; piece < isa.parts(); piece++) {
                a.store(X.at(piece * isa.bytes()), results[t][piece]);
            }
            a.add(X, ProductParameter.SCALES.mem());
        }
        a.add(OUT, VECTOR);
        a.sub(ROWS, 1);
        a.jumpIfNotZero(group);
        Abi.leave(a);
        return a.code();
    }

    private Vec[] free(int from, int count) {
        Vec[] vecs = new Vec[count];
        for (int i = 0; i < count; i++) {
            vecs[i] = free(from + i);
        }
        return vecs;
    }

    /**
     * One part of a block.
     *
     * @param at where the block of the activations begins
     * @param register the first that is still free
     */
    private void vectorPart(
            int block, int part, int at, Vec[][] results, Vec[][] sums, int register) {
        int tokens = results.length;
        Vec[] codes = free(register, 2);
        Vec x = free(register + 2);
        Vec[] scratch = free(register + 3, 2);
        IntegerSums integers =
                new IntegerSums(a, isa, format, UnitCode.ones(CONSTANTS), scratch[0], scratch[1]);
        Mem correction = X.at(at + Activations8.sumsAt(tokens, part));
        Mem d = X.at(at + Activations8.scalesAt(tokens));
        for (int t = 0; t < tokens; t++) {
            for (Vec sum : sums[t]) {
                integers.start(sum, token(correction, t));
            }
        }
        if (format.isSuper()) {
            prefetch(block * format.parts() + part);
        }
        int groups = GROUPS / format.parts();
        for (int g = part * groups; g < (part + 1) * groups; g++) {
            for (int t = 0; t < tokens; t++) {
                int from = at + t * Format16.BLOCK + Format16.GROUP * g;
                Operand[] elements = {isa.all(a, X.at(from), x)};
                for (int piece = 0; piece < isa.parts(); piece++) {
                    if (t == 0) { // of several tokens there is but one piece
                        unit.codes(block, g, piece, codes[0], codes[1]);
                        integers.prepare(codes);
                    }
                    integers.add(sums[t][piece], codes, elements);
                }
            }
        }
        for (int piece = 0; piece < isa.parts(); piece++) {
            Vec scale = codes[0];
            unit.scale(block, part, piece, scale);
            for (int t = 0; t < tokens; t++) {
                Vec sum = sums[t][piece];
                integers.finish(sum, token(correction, t));
                isa.all(a, VMULPS, x, scale, token(d, t), codes[1]);
                a.op(VCVTDQ2PS, sum, sum);
                a.op(VFMADD231PS, results[t][piece], sum, x);
            }
            if (format.hasMinima()) {
                Vec minimum = codes[0];
                unit.minimum(block, part, piece, minimum);
                for (int t = 0; t < tokens; t++) {
                    Mem sum = token(correction, t);
                    isa.all(a, VFNMADD231PS, results[t][piece], minimum, sum, codes[1]);
                }
            }
        }
    }

    /**
     * Asks for a share of what follows. The prefetcher of the processor loses its way where each
     * unit begins with scales that are read again and again beside the codes.
     */
    private void prefetch(int share) {
        int lines = format.unitBytes() / VECTOR;
        int shares = format.blocks() * format.parts();
        for (int line = lines * share / shares; line < lines * (share + 1) / shares; line++) {
            a.prefetch(W.at(AHEAD + line * VECTOR));
        }
    }

    /** The number of a token among those of a tile. */
    private static Mem token(Mem first, int token) {
        return first.base().at(first.displacement() + token * Float.BYTES);
    }

    private byte[] panel() {
        Abi.enter(a);
        a.mov(W, ProductParameter.WEIGHT.mem());
        a.mov(OUT, ProductParameter.OUT.mem());
        a.mov(COUNT, ProductParameter.COUNT.mem());
        a.mov(SCALES, ProductParameter.SCALES.mem());
        a.mov(CONSTANTS, ProductParameter.CONSTANTS.mem());
        unit.loadConstants();
        Label next = a.label(32);
        unit.superScales();
        for (int block = 0; block < format.blocks(); block++) {
            for (int piece = 0; piece < isa.parts(); piece++) {
                panelBlock(block, piece);
            }
        }
        a.add(W, format.unitBytes());
        a.add(OUT, format.blocks() * PANEL_CODES);
        a.add(SCALES, format.blocks() * panelScales(format));
        a.sub(COUNT, 1);
        a.jumpIfNotZero(next);
        Abi.leave(a);
        return a.code();
    }

    private void panelBlock(int block, int piece) {
        Vec to = free(0);
        for (int g = 0; g < GROUPS; g++) {
            unit.codes(block, g, piece, to, free(1));
            a.store(OUT.at(block * PANEL_CODES + g * VECTOR + piece * isa.bytes()), to);
        }
        int at = block * panelScales(format) + piece * isa.bytes();
        for (int part = 0; part < format.parts(); part++) {
            unit.scale(block, part, piece, to);
            a.store(SCALES.at(at), to);
            at += VECTOR;
            if (format.hasMinima()) {
                unit.minimum(block, part, piece, to);
                a.store(SCALES.at(at), to);
                at += VECTOR;
            }
        }
    }
}
