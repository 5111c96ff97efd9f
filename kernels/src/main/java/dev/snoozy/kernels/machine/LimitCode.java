package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VPADDW;
import static dev.snoozy.kernels.x86.VectorOp.VPDPBUSD;
import static dev.snoozy.kernels.x86.VectorOp.VPMADDUBSW;
import static dev.snoozy.kernels.x86.VectorOp.VPOR;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.rows.RowParameter;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;

/** Writes kernels that do nothing but read, or nothing but multiply and add. */
final class LimitCode {
    /** Bytes that a round of reading takes. */
    static final int READ_BYTES = 512;

    /** Sums that do not wait for each other: more than an instruction's latency. */
    static final int CHAINS = 12;

    private static final Gpr X = Gpr.RAX;
    private static final Gpr COUNT = Gpr.RDX;

    private LimitCode() {}

    /** Reads {@code COUNT} times {@link #READ_BYTES} from {@code X} on. */
    static byte[] read(Isa isa) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(X, RowParameter.X.mem());
        a.mov(COUNT, RowParameter.COUNT.mem());
        Label loop = a.label(32);
        for (int at = 0; at < READ_BYTES; at += isa.bytes()) {
            Vec seen = isa.vec(at / isa.bytes() % 8);
            a.op(VPOR, seen, seen, X.at(at));
        }
        a.add(X, READ_BYTES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }

    /** {@code COUNT} rounds of {@link #CHAINS} multiply-adds. */
    static byte[] floatProducts(Isa isa) {
        return rounds(isa, (a, sum, scratch) -> a.op(VFMADD231PS, sum, isa.vec(13), isa.vec(14)));
    }

    /** {@code COUNT} rounds of {@link #CHAINS} dot products of bytes. */
    static byte[] byteProducts(Isa isa) {
        return rounds(
                isa,
                (a, sum, scratch) -> {
                    if (isa == Isa.AVX2) {
                        a.op(VPMADDUBSW, scratch, isa.vec(13), isa.vec(14));
                        a.op(VPADDW, sum, sum, scratch);
                    } else {
                        a.op(VPDPBUSD, sum, isa.vec(13), isa.vec(14));
                    }
                });
    }

    private interface Round {
        void write(Assembler a, Vec sum, Vec scratch);
    }

    private static byte[] rounds(Isa isa, Round round) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(COUNT, RowParameter.COUNT.mem());
        for (int i = 0; i < 16; i++) {
            a.zero(isa.vec(i));
        }
        Label loop = a.label(32);
        for (int chain = 0; chain < CHAINS; chain++) {
            round.write(a, isa.vec(chain), isa.vec(12 + chain % 2 * 3));
        }
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }
}
