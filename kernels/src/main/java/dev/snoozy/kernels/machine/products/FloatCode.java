package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VCVTPH2PS;
import static dev.snoozy.kernels.x86.VectorOp.VDPBF16PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMOVUPS;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVZXWD;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLD;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Operand;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.VectorOp;

/**
 * Writes the product kernels for weights that are floats: one accumulator per output, {@code k}
 * ascending, each step a fused multiply-add, as the scalar kernels do ({@code docs/numerics.md}),
 * so that the results are theirs bit for bit.
 *
 * <p>Weights are packed as {@link FloatFormat} says. Activations stand in tiles, {@code [in,
 * tokens]}, filled up in the same way.
 *
 * <p>Where the processor multiplies pairs of BF16 ({@link FloatFormat#BF16_PAIRS}) a word holds two
 * elements of a row, and of the activations too; a step adds the odd one first, each with its own
 * rounding.
 */
final class FloatCode {
    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr STRIDE = Gpr.R10;

    private FloatCode() {}

    /** The most tokens of a tile: an accumulator for each vector of results, and some to spare. */
    static int most(Isa isa) {
        return isa.registers() == 32 ? 24 : 6;
    }

    /**
     * A tile of tokens with sixteen rows. {@code COUNT} is in steps, {@code STRIDE} bytes from a
     * token's results to the next one's.
     *
     * @param goesOn whether the sums begin with what stands in the results
     */
    static byte[] tile(Isa isa, FloatFormat format, int tokens, boolean goesOn) {
        int pieces = isa.parts();
        int spare = most(isa) * pieces; // the first register that is no accumulator
        Vec scratch = isa.vec(spare + pieces);
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, ProductParameter.WEIGHT.mem());
        a.mov(X, ProductParameter.ACTIVATIONS.mem());
        a.mov(OUT, ProductParameter.OUT.mem());
        a.mov(COUNT, ProductParameter.COUNT.mem());
        a.mov(STRIDE, ProductParameter.STRIDE.mem());
        for (int t = 0; t < tokens; t++) {
            for (int piece = 0; piece < pieces; piece++) {
                if (goesOn) {
                    a.op(VMOVUPS, isa.vec(t * pieces + piece), OUT.at(piece * isa.bytes()));
                } else {
                    a.zero(isa.vec(t * pieces + piece));
                }
            }
            if (goesOn) {
                a.add(OUT, STRIDE);
            }
        }
        if (goesOn) {
            a.mov(OUT, ProductParameter.OUT.mem());
        }
        Label loop = a.label(64);
        int vector = format.vectorBytes();
        int words = FloatFormat.STEP / format.together();
        VectorOp add = format.together() > 1 ? VDPBF16PS : VFMADD231PS;
        for (int k = 0; k < words; k++) {
            for (int piece = 0; piece < pieces; piece++) {
                Mem from = W.at(k * vector + piece * vector / pieces);
                load(a, format, isa.vec(spare + piece), from);
            }
            for (int t = 0; t < tokens; t++) {
                Operand x = isa.all(a, X.at((k * tokens + t) * Float.BYTES), scratch);
                for (int piece = 0; piece < pieces; piece++) {
                    a.op(add, isa.vec(t * pieces + piece), isa.vec(spare + piece), x);
                }
            }
        }
        a.add(W, words * vector);
        a.add(X, words * tokens * Float.BYTES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        for (int t = 0; t < tokens; t++) {
            for (int piece = 0; piece < pieces; piece++) {
                a.store(OUT.at(piece * isa.bytes()), isa.vec(t * pieces + piece));
            }
            a.add(OUT, STRIDE);
        }
        Abi.leave(a);
        return a.code();
    }

    private static void load(Assembler a, FloatFormat format, Vec to, Mem from) {
        switch (format) {
            case F32, BF16_PAIRS, F16_AS_BF16_PAIRS -> a.op(VMOVUPS, to, from);
            case F16 -> a.op(VCVTPH2PS, to, from);
            case BF16 -> {
                a.op(VPMOVZXWD, to, from);
                a.shift(VPSLLD, to, to, Short.SIZE);
            }
        }
    }
}
