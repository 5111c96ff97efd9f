package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.MachineLimits;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.memory.WeightMemory;
import dev.snoozy.kernels.machine.rows.RowParameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Measures the limits of the machine with kernels that do one thing only. */
public final class LimitProbe {
    private static final long MEMORY = 512L << 20;
    private static final long PIECE = 1 << 20;
    private static final int PASSES = 9;

    /** Rounds of a call, some hundred microseconds, and calls of a pass. */
    private static final long ROUNDS = 100_000;

    private static final int CALLS = 50;
    private static final double NANOSECONDS = 1e9;

    private final Isa isa;
    private final ThreadTeam team;
    private final Arena arena;
    private final ParameterBlock[] blocks;

    private LimitProbe(Isa isa, ThreadTeam team, Arena arena) {
        this.isa = isa;
        this.team = team;
        this.arena = arena;
        blocks = new ParameterBlock[team.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new ParameterBlock(RowParameter.BYTES, arena);
        }
    }

    /** See {@link MachineLimits#measure}. */
    public static Optional<MachineLimits> measure(int threads) {
        Optional<Isa> isa = Isa.best();
        if (isa.isEmpty()) {
            return Optional.empty();
        }
        try (ThreadTeam team = new ThreadTeam(threads);
                Arena arena = Arena.ofShared()) {
            LimitProbe probe = new LimitProbe(isa.get(), team, arena);
            return Optional.of(
                    new MachineLimits(
                            threads,
                            probe.read(),
                            probe.operations(true),
                            probe.operations(false)));
        }
    }

    /** Bytes per second, in the middle one of some passes. */
    private double read() {
        MemorySegment memory = new WeightMemory(arena).allocate(MEMORY);
        memory.fill((byte) 1); // else all of it is the same page of zeros
        Kernel kernel = Kernel.install(LimitCode.read(isa), arena);
        return MEMORY
                / middle(
                        (int) (MEMORY / PIECE),
                        (piece, p) -> {
                            MemorySegment part = memory.asSlice(piece * PIECE, PIECE);
                            p.set(RowParameter.X.offset(), part.address());
                            p.set(RowParameter.COUNT.offset(), PIECE / LimitCode.READ_BYTES);
                            p.call(kernel);
                        });
    }

    /** Operations per second; with 8-bit numbers or with floats. */
    private double operations(boolean bytes) {
        byte[] code = bytes ? LimitCode.byteProducts(isa) : LimitCode.floatProducts(isa);
        Kernel kernel = Kernel.install(code, arena);
        int lanes = bytes ? isa.bytes() : isa.lanes();
        double perRound = 2.0 * lanes * LimitCode.CHAINS;
        double seconds =
                middle(
                        team.size(),
                        (item, p) -> {
                            p.set(RowParameter.COUNT.offset(), ROUNDS);
                            for (int i = 0; i < CALLS; i++) {
                                p.call(kernel);
                            }
                        });
        return team.size() * perRound * ROUNDS * CALLS / seconds;
    }

    private interface Item {
        void run(int item, ParameterBlock parameters);
    }

    private double middle(int items, Item item) {
        double[] seconds = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            long begin = System.nanoTime();
            team.run(items, (i, member) -> item.run(i, blocks[member]));
            seconds[pass] = (System.nanoTime() - begin) / NANOSECONDS;
        }
        Arrays.sort(seconds);
        return seconds[PASSES / 2];
    }
}
