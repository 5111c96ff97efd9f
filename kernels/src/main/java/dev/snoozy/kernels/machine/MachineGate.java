package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.ProductCode.Parameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Gates in machine code, spread over a team in pieces that fit the nearest cache. Used by one
 * thread at a time; closed by its owner.
 */
final class MachineGate implements AutoCloseable {
    private static final int PIECE = 2048;
    private static final int LANES = 16;

    /** What a member of the team works with. */
    private final class Member {
        private final ParameterBlock parameters =
                new ParameterBlock(ProductCode.PARAMETER_BYTES, arena);
        private final MemorySegment gate = arena.allocate(PIECE * 4L, 64);
        private final MemorySegment up = arena.allocate(PIECE * 4L, 64);
    }

    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final Map<Activation, MethodHandle> kernels = new EnumMap<>(Activation.class);
    private final MemorySegment constants;
    private final Member[] members;

    /** Gates on a team, which stays with its owner. */
    MachineGate(ThreadTeam team, Isa isa) {
        this.team = team;
        constants = arena.allocateFrom(ValueLayout.JAVA_FLOAT, GateCode.constants());
        for (Activation activation : Activation.values()) {
            MemorySegment code = CodeBuffer.install(GateCode.write(isa, activation), arena);
            kernels.put(activation, NativeCalls.kernel(code));
        }
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /** {@code y = f(gate) * up}, the first {@code count} elements of each. */
    void multiply(Activation activation, float[] gate, float[] up, float[] y, int count) {
        MethodHandle kernel = Objects.requireNonNull(kernels.get(activation));
        team.run(
                (count + PIECE - 1) / PIECE,
                (item, member) -> {
                    int from = item * PIECE;
                    int length = Math.min(PIECE, count - from);
                    Member m = members[member];
                    MemorySegment.copy(gate, from, m.gate, ValueLayout.JAVA_FLOAT, 0, length);
                    MemorySegment.copy(up, from, m.up, ValueLayout.JAVA_FLOAT, 0, length);
                    call(kernel, m, (length + LANES - 1) / LANES);
                    MemorySegment.copy(m.gate, ValueLayout.JAVA_FLOAT, 0, y, from, length);
                });
    }

    /** The result replaces the gate. */
    private void call(MethodHandle kernel, Member m, int vectors) {
        ParameterBlock.require(m.gate, (long) vectors * Isa.VECTOR);
        ParameterBlock.require(m.up, (long) vectors * Isa.VECTOR);
        set(m, Parameter.WEIGHT, m.gate.address());
        set(m, Parameter.ACTIVATIONS, m.up.address());
        set(m, Parameter.OUT, m.gate.address());
        set(m, Parameter.COUNT, vectors);
        set(m, Parameter.CONSTANTS, constants.address());
        m.parameters.call(kernel);
    }

    private static void set(Member m, Parameter parameter, long value) {
        m.parameters.set(parameter.offset(), value);
    }

    @Override
    public void close() {
        arena.close();
    }
}
