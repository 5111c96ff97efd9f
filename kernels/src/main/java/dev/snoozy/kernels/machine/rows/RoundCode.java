package dev.snoozy.kernels.machine.rows;

import static dev.snoozy.kernels.x86.Vec.ymm;
import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPS2DQ;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPACKUSDW;
import static dev.snoozy.kernels.x86.VectorOp.VPACKUSWB;
import static dev.snoozy.kernels.x86.VectorOp.VPADDD;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPANDN;
import static dev.snoozy.kernels.x86.VectorOp.VPERM2F128;
import static dev.snoozy.kernels.x86.VectorOp.VPERMD;
import static dev.snoozy.kernels.x86.VectorOp.VPMADDUBSW;
import static dev.snoozy.kernels.x86.VectorOp.VPMADDWD;
import static dev.snoozy.kernels.x86.VectorOp.VPMAXSD;
import static dev.snoozy.kernels.x86.VectorOp.VPMULLD;
import static dev.snoozy.kernels.x86.VectorOp.VPSHUFD;
import static dev.snoozy.kernels.x86.VectorOp.VPSRAD;
import static dev.snoozy.kernels.x86.VectorOp.VPSUBD;

import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes the rounding of activations to 8 bit, a tile of tokens at a time; see {@link
 * Activations8}. All of it is AVX2, on every path: it takes a hundredth of the time of a product.
 *
 * <p>The largest magnitude is found among the bits of the floats, taken as integers: their order is
 * that of the magnitudes, and a NaN is larger than all, so that it comes through.
 */
final class RoundCode {
    private static final int SWAP_HALVES = 0x4E; // 2, 3, 0, 1
    private static final int SWAP_NEIGHBOURS = 0xB1; // 1, 0, 3, 2
    private static final int SWAP_LANES = 1;
    private static final int SIGN_BITS = 31;
    private static final int YMM_BYTES = 32;

    private static final Gpr X = Gpr.RAX;
    private static final Gpr CODES = Gpr.RDX;
    private static final Gpr SCALE = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr STEP = Gpr.R10;
    private static final Gpr SUM = Gpr.R11;
    // These belong to the caller.
    private static final Gpr TOKENS = Gpr.RBX;
    private static final Gpr ROW = Gpr.R12;
    private static final Gpr FIRST_CODES = Gpr.R13;
    private static final Gpr FIRST_SCALE = Gpr.R14;
    private static final Gpr SUM2 = Gpr.R15;
    private static final Gpr[] KEPT = {TOKENS, ROW, FIRST_CODES, FIRST_SCALE, SUM2};

    private static final Vec MAGNITUDE = ymm(15);
    private static final Vec MOST = ymm(14); // 127
    private static final Vec ONE = ymm(13);
    private static final Vec SMALLEST = ymm(12); // the bits of the smallest normal number
    private static final Vec BYTE = ymm(11);
    private static final Vec ORDER = ymm(10);
    private static final Vec BYTE_ONES = ymm(9);
    private static final Vec SHORT_ONES = ymm(8);
    private static final Vec ZERO_CODE = ymm(7);

    private RoundCode() {}

    /** What the code loads. */
    static byte[] constants(int zero) {
        ByteBuffer all = ByteBuffer.allocate(9 * YMM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(all, 0x7FFF_FFFF);
        fill(all, Float.floatToRawIntBits(127));
        fill(all, Float.floatToRawIntBits(1));
        fill(all, Float.floatToRawIntBits(Float.MIN_NORMAL));
        fill(all, 0xFF);
        for (int i : new int[] {0, 4, 1, 5, 2, 6, 3, 7}) {
            all.putInt(i);
        }
        fill(all, 0x0101_0101);
        fill(all, 0x0001_0001);
        fill(all, -zero);
        return all.array();
    }

    private static void fill(ByteBuffer all, int value) {
        for (int i = 0; i < YMM_BYTES / Integer.BYTES; i++) {
            all.putInt(value);
        }
    }

    /**
     * {@code X} rows, {@code OUT} a tile, {@code COUNT} blocks of 32, {@code ROWS} tokens in the
     * tile, {@code STRIDE} bytes from row to row, {@code OUT_STRIDE} bytes from a block of the tile
     * to the next one.
     */
    static byte[] write(int parts, boolean minima) {
        Assembler a = new Assembler();
        Abi.enter(a);
        for (Gpr kept : KEPT) {
            a.push(kept);
        }
        a.mov(X, RowParameter.CONSTANTS.mem());
        Vec[] constants = {
            MAGNITUDE, MOST, ONE, SMALLEST, BYTE, ORDER, BYTE_ONES, SHORT_ONES, ZERO_CODE
        };
        for (int i = 0; i < constants.length; i++) {
            a.load(constants[i], X.at(i * YMM_BYTES));
        }
        a.mov(ROW, RowParameter.X.mem());
        a.mov(FIRST_CODES, RowParameter.OUT.mem());
        a.mov(TOKENS, RowParameter.ROWS.mem());
        a.mov(STEP, RowParameter.OUT_STRIDE.mem());
        // The scales follow the codes of all tokens: 32 bytes each.
        a.mov(FIRST_SCALE, FIRST_CODES);
        for (int i = 0; i < YMM_BYTES; i++) {
            a.add(FIRST_SCALE, TOKENS);
        }
        Label token = a.label(16);
        a.mov(X, ROW);
        a.mov(CODES, FIRST_CODES);
        a.mov(SCALE, FIRST_SCALE);
        a.mov(SUM, FIRST_SCALE);
        addFourTimesTokens(a, SUM);
        a.mov(SUM2, SUM);
        addFourTimesTokens(a, SUM2);
        a.mov(COUNT, RowParameter.COUNT.mem());
        Label block = a.label(16);
        block(a, parts, minima);
        a.add(X, Format16.BLOCK * Float.BYTES);
        a.add(CODES, STEP);
        a.add(SCALE, STEP);
        a.add(SUM, STEP);
        a.add(SUM2, STEP);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(block);
        a.mov(COUNT, RowParameter.STRIDE.mem());
        a.add(ROW, COUNT);
        a.add(FIRST_CODES, Format16.BLOCK);
        a.add(FIRST_SCALE, Float.BYTES);
        a.sub(TOKENS, 1);
        a.jumpIfNotZero(token);
        for (int i = KEPT.length - 1; i >= 0; i--) {
            a.pop(KEPT[i]);
        }
        Abi.leave(a);
        return a.code();
    }

    private static void addFourTimesTokens(Assembler a, Gpr to) {
        a.mov(COUNT, RowParameter.ROWS.mem());
        for (int i = 0; i < Float.BYTES; i++) {
            a.add(to, COUNT);
        }
    }

    /** Rounds one block of one token. */
    private static void block(Assembler a, int parts, boolean minima) {
        Vec d = ymm(4);
        Vec inverse = ymm(5);
        Vec scratch = ymm(6);
        for (int i = 0; i < 4; i++) {
            a.op(VPAND, ymm(i), MAGNITUDE, X.at(i * YMM_BYTES));
        }
        a.op(VPMAXSD, ymm(0), ymm(0), ymm(1));
        a.op(VPMAXSD, ymm(2), ymm(2), ymm(3));
        a.op(VPMAXSD, d, ymm(0), ymm(2));
        a.op(VPERM2F128, scratch, d, d, SWAP_LANES);
        a.op(VPMAXSD, d, d, scratch);
        a.op(VPSHUFD, scratch, d, SWAP_HALVES);
        a.op(VPMAXSD, d, d, scratch);
        a.op(VPSHUFD, scratch, d, SWAP_NEIGHBOURS);
        a.op(VPMAXSD, d, d, scratch);
        a.op(VDIVPS, d, d, MOST);
        a.op(VDIVPS, inverse, ONE, d);
        a.op(VPSUBD, scratch, d, SMALLEST);
        a.shift(VPSRAD, scratch, scratch, SIGN_BITS); // all bits where d is below
        a.op(VPANDN, inverse, scratch, inverse);
        for (int i = 0; i < 4; i++) {
            a.op(VMULPS, ymm(i), inverse, X.at(i * YMM_BYTES));
            a.op(VCVTPS2DQ, ymm(i), ymm(i));
            a.op(VPAND, ymm(i), ymm(i), BYTE); // what is no number becomes 0
        }
        a.op(VPACKUSDW, ymm(0), ymm(0), ymm(1));
        a.op(VPACKUSDW, ymm(2), ymm(2), ymm(3));
        a.op(VPACKUSWB, ymm(0), ymm(0), ymm(2));
        a.op(VPERMD, ymm(0), ORDER, ymm(0));
        a.store(CODES.at(0), ymm(0));
        a.storeLowest(SCALE.at(0), d.as(Width.XMM));
        sums(a, parts, minima, d);
    }

    /** The sums of the codes of each part, from register 0. */
    private static void sums(Assembler a, int parts, boolean minima, Vec d) {
        Vec sum = ymm(1);
        Vec other = ymm(2);
        a.op(VPMADDUBSW, sum, BYTE_ONES, ymm(0));
        a.op(VPMADDWD, sum, sum, SHORT_ONES);
        a.op(VPSHUFD, other, sum, SWAP_HALVES);
        a.op(VPADDD, sum, sum, other);
        a.op(VPSHUFD, other, sum, SWAP_NEIGHBOURS);
        a.op(VPADDD, sum, sum, other);
        a.op(VPERM2F128, other, sum, sum, SWAP_LANES);
        if (parts == 1) {
            a.op(VPADDD, sum, sum, other);
        }
        part(a, minima, d, sum, SUM.at(0));
        if (parts == 2) {
            part(a, minima, d, other, SUM2.at(0));
        }
    }

    private static void part(Assembler a, boolean minima, Vec d, Vec sum, Mem to) {
        if (minima) {
            a.op(VCVTDQ2PS, sum, sum);
            a.op(VMULPS, sum, sum, d);
        } else {
            a.op(VPMULLD, sum, sum, ZERO_CODE);
        }
        a.storeLowest(to, sum.as(Width.XMM));
    }
}
