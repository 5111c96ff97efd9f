package dev.snoozy.kernels.machine;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.ProductCode.Parameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/**
 * Products of activations with packed weights of floats, spread over a team: tiles of tokens,
 * groups of sixteen rows. Used by one thread at a time; closed by its owner.
 */
final class FloatProducts implements AutoCloseable {
    private static final int ROWS = Format16.ROWS;

    /** Groups that a member takes at once. */
    private static final int CHUNK = 4;

    private static final int CHUNK_ROWS = CHUNK * ROWS;

    /** Below this many multiplications an operation is not worth waking the team for. */
    private static final long ALONE = 1 << 18;

    /** What a member of the team works with. */
    private final class Member {
        private final ParameterBlock parameters =
                new ParameterBlock(ProductCode.PARAMETER_BYTES, arena);
        private final MemorySegment results =
                arena.allocate((long) tileSize * CHUNK_ROWS * Float.BYTES, 64);
    }

    private record Kind(TensorType type, int tokens) {}

    private final ThreadTeam team;
    private final Isa isa;
    private final int tileSize;
    private final Arena arena = Arena.ofShared();
    private final Map<Kind, MethodHandle> kernels = new HashMap<>();
    private final Member[] members;
    private final Scratch packed = new Scratch();

    /** Products on a team, which stays with its owner. */
    FloatProducts(ThreadTeam team, Isa isa) {
        this.team = team;
        this.isa = isa;
        tileSize = FloatCode.most(isa);
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /**
     * {@code y[t, r] = sum over k of x[t, k] * w[r, k]}.
     *
     * @param x {@code [tokens, in]}
     * @param y {@code [tokens, out]}
     */
    void multiply(float[] x, int tokens, FloatWeight w, float[] y) {
        MethodHandle full = kernel(w.type(), Math.min(tokens, tileSize));
        int rest = tokens % tileSize;
        MethodHandle last = rest == 0 ? full : kernel(w.type(), rest);
        int padded = w.steps() * FloatCode.STEP;
        MemorySegment activations = packed.of((long) tokens * padded * Float.BYTES);
        int tileCount = (tokens + tileSize - 1) / tileSize;
        boolean alone = (long) tokens * w.in() * w.out() < ALONE;
        each(
                tileCount,
                alone,
                (tile, member) -> {
                    int first = tile * tileSize;
                    int count = Math.min(tileSize, tokens - first);
                    pack(x, first, count, w.in(), padded, activations);
                });
        int chunks = (w.groups() + CHUNK - 1) / CHUNK;
        each(
                chunks * tileCount,
                alone,
                (item, member) -> {
                    int first = item / chunks * tileSize;
                    int count = Math.min(tileSize, tokens - first);
                    long at = (long) first * padded * Float.BYTES;
                    MemorySegment tile =
                            activations.asSlice(at, (long) count * padded * Float.BYTES);
                    MethodHandle kernel = count == tileSize ? full : last;
                    chunk(members[member], kernel, w, item % chunks, tile, first, count, y);
                });
    }

    /** The kernel for tiles of so many tokens, assembled at its first use. */
    private MethodHandle kernel(TensorType type, int tokens) {
        return kernels.computeIfAbsent(
                new Kind(type, tokens),
                kind -> {
                    byte[] code = FloatCode.tile(isa, kind.type(), kind.tokens());
                    return NativeCalls.kernel(CodeBuffer.install(code, arena));
                });
    }

    private void each(int items, boolean alone, ThreadTeam.Work work) {
        if (alone) {
            for (int item = 0; item < items; item++) {
                work.run(item, 0);
            }
        } else {
            team.run(items, work);
        }
    }

    /** Writes a tile {@code [padded, count]}. */
    private static void pack(
            float[] x, int first, int count, int in, int padded, MemorySegment target) {
        long at = (long) first * padded;
        for (int k = 0; k < padded; k++) {
            for (int t = 0; t < count; t++) {
                float value = k < in ? x[(first + t) * in + k] : 0;
                target.setAtIndex(ValueLayout.JAVA_FLOAT, at + (long) k * count + t, value);
            }
        }
    }

    /** Some groups with one tile. */
    private static void chunk(
            Member m,
            MethodHandle kernel,
            FloatWeight w,
            int chunk,
            MemorySegment tile,
            int first,
            int count,
            float[] y) {
        int group = chunk * CHUNK;
        int groups = Math.min(CHUNK, w.groups() - group);
        ParameterBlock.require(tile, (long) count * w.steps() * FloatCode.STEP * Float.BYTES);
        ParameterBlock.require(m.results, (long) count * CHUNK_ROWS * Float.BYTES);
        for (int g = 0; g < groups; g++) {
            MemorySegment weight = w.group(group + g);
            ParameterBlock.require(weight, w.groupBytes());
            set(m, Parameter.WEIGHT, weight.address());
            set(m, Parameter.ACTIVATIONS, tile.address());
            set(m, Parameter.OUT, m.results.address() + (long) g * ROWS * Float.BYTES);
            set(m, Parameter.COUNT, w.steps());
            set(m, Parameter.STRIDE, (long) CHUNK_ROWS * Float.BYTES);
            m.parameters.call(kernel);
        }
        int row = group * ROWS;
        int rows = Math.min(groups * ROWS, w.out() - row);
        for (int t = 0; t < count; t++) {
            long from = (long) t * CHUNK_ROWS * Float.BYTES;
            int to = (first + t) * w.out() + row;
            MemorySegment.copy(m.results, ValueLayout.JAVA_FLOAT, from, y, to, rows);
        }
    }

    private static void set(Member m, Parameter parameter, long value) {
        m.parameters.set(parameter.offset(), value);
    }

    @Override
    public void close() {
        packed.close();
        arena.close();
    }
}
