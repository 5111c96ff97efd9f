package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.memory.NativeRows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Gates in machine code, spread over a team in pieces that fit the nearest cache. Used by one
 * thread at a time; closed by its owner.
 */
public final class MachineGate implements AutoCloseable {
    private static final int PIECE = 2048;
    private static final int LANES = 16;

    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final Map<Activation, Kernel> kernels = new EnumMap<>(Activation.class);
    private final MemorySegment constants;
    private final MemorySegment ones;
    private final ParameterBlock[] blocks;

    /** Gates on a team, which stays with its owner. */
    public MachineGate(Isa isa, ThreadTeam team) {
        this.team = team;
        constants = arena.allocateFrom(ValueLayout.JAVA_FLOAT, GateCode.constants());
        float[] one = new float[PIECE];
        Arrays.fill(one, 1);
        ones = arena.allocate(PIECE * (long) Float.BYTES, Isa.VECTOR);
        ones.copyFrom(MemorySegment.ofArray(one));
        for (Activation activation : Activation.values()) {
            kernels.put(activation, Kernel.install(GateCode.write(isa, activation), arena));
        }
        blocks = new ParameterBlock[team.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new ParameterBlock(ProductParameter.BYTES, arena);
        }
    }

    /** {@code y = f(gate) * up}; what lies between rows is computed along. */
    public void multiply(Activation activation, NativeRows gate, NativeRows up, NativeRows y) {
        pieces(activation, gate, up.data(), true, y);
    }

    /** {@code y = f(x)}. */
    public void apply(Activation activation, NativeRows x, NativeRows y) {
        pieces(activation, x, ones, false, y);
    }

    /**
     * Takes the elements in pieces.
     *
     * @param advances whether the factors are as many as the elements, or a piece that serves all
     */
    private void pieces(
            Activation activation,
            NativeRows gate,
            MemorySegment factors,
            boolean advances,
            NativeRows y) {
        Kernel kernel = Objects.requireNonNull(kernels.get(activation));
        int count = gate.rows() * gate.stride();
        team.run(
                (count + PIECE - 1) / PIECE,
                (item, member) -> {
                    int length = Math.min(PIECE, count - item * PIECE);
                    long at = (long) item * PIECE * Float.BYTES;
                    long bytes = (long) length * Float.BYTES;
                    ParameterBlock p = blocks[member];
                    MemorySegment factor = factors.asSlice(advances ? at : 0, bytes);
                    p.set(
                            ProductParameter.WEIGHT.offset(),
                            gate.data().asSlice(at, bytes).address());
                    p.set(ProductParameter.ACTIVATIONS.offset(), factor.address());
                    p.set(ProductParameter.OUT.offset(), y.data().asSlice(at, bytes).address());
                    p.set(ProductParameter.COUNT.offset(), length / LANES);
                    p.set(ProductParameter.CONSTANTS.offset(), constants.address());
                    p.call(kernel);
                });
    }

    @Override
    public void close() {
        arena.close();
    }
}
