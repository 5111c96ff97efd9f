package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.machine.ParameterBlock.require;

import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.machine.Attention512.Parameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The assembled products of attention, and the checks that stand before each call. Thread-safe;
 * each thread calls with parameters of its own.
 */
final class AttentionKernels {
    private static final int VECTOR = 64;
    private static final long TILE_BYTES = (long) KvPages.PAGE * Float.BYTES;

    private final MethodHandle[] scores = new MethodHandle[Attention512.QUERIES + 1];
    private final MethodHandle[] weights = new MethodHandle[Attention512.QUERIES + 1];
    private final MemorySegment constants;
    private final MethodHandle[][] values =
            new MethodHandle[Attention512.QUERIES + 1][Attention512.VECTORS + 1];

    /** Assembles the kernels, which live as long as the arena. */
    AttentionKernels(Arena arena) {
        constants = arena.allocateFrom(ValueLayout.JAVA_FLOAT, ExpCode.constants());
        for (int queries = 1; queries <= Attention512.QUERIES; queries++) {
            weights[queries] = install(Attention512.weights(queries), arena);
            scores[queries] = install(Attention512.scores(queries), arena);
            for (int vectors = 1; vectors <= Attention512.VECTORS; vectors++) {
                values[queries][vectors] = install(Attention512.values(queries, vectors), arena);
            }
        }
    }

    private static MethodHandle install(byte[] code, Arena arena) {
        return NativeCalls.kernel(CodeBuffer.install(code, arena));
    }

    /** The parameters of one thread. */
    final class Call {
        private final ParameterBlock block;
        private final MemorySegment factor;

        Call(Arena arena) {
            block = new ParameterBlock(Attention512.PARAMETER_BYTES, arena);
            factor = arena.allocate(Float.BYTES, VECTOR);
        }

        /**
         * The scores of a tile.
         *
         * @param keys {@code [length, 64]}
         * @param q {@code [queries, length]}
         * @param out {@code [queries, 64]}
         */
        void scores(
                int queries,
                int length,
                float scale,
                MemorySegment keys,
                MemorySegment q,
                MemorySegment out) {
            require(keys, length * TILE_BYTES);
            require(q, (long) queries * length * Float.BYTES);
            require(out, queries * TILE_BYTES);
            factor.set(ValueLayout.JAVA_FLOAT, 0, scale);
            set(Parameter.KV, keys.address());
            set(Parameter.QUERY, q.address());
            set(Parameter.OUT, out.address());
            set(Parameter.COUNT, length);
            set(Parameter.STRIDE, (long) length * Float.BYTES);
            set(Parameter.FACTORS, factor.address());
            block.call(scores[queries]);
        }

        /**
         * Turns the scores of a tile into weights, in place.
         *
         * @param scores {@code [queries, 64]}
         * @param max the largest score of each query, {@code [queries]}
         * @param sums {@code [queries, 16]}
         */
        void weights(int queries, MemorySegment scores, MemorySegment max, MemorySegment sums) {
            require(scores, queries * TILE_BYTES);
            require(max, (long) queries * Float.BYTES);
            require(sums, (long) queries * VECTOR);
            set(Parameter.KV, constants.address());
            set(Parameter.QUERY, scores.address());
            set(Parameter.OUT, sums.address());
            set(Parameter.FACTORS, max.address());
            block.call(weights[queries]);
        }

        /**
         * Adds the weighted values of positions {@code from .. from + count - 1} of a tile to
         * earlier results times their factors.
         *
         * @param tile {@code [64, columns]}
         * @param weights {@code [queries, 64]}
         * @param factors {@code [queries]}
         * @param out {@code [queries, columns]}
         */
        void values(
                int queries,
                int columns,
                int from,
                int count,
                MemorySegment tile,
                MemorySegment weights,
                MemorySegment factors,
                MemorySegment out) {
            long row = (long) columns * Float.BYTES;
            require(tile, (from + count) * row);
            require(weights, queries * TILE_BYTES);
            require(factors, (long) queries * Float.BYTES);
            require(out, queries * row);
            set(Parameter.QUERY, weights.address() + (long) from * Float.BYTES);
            set(Parameter.COUNT, count);
            set(Parameter.STRIDE, row);
            set(Parameter.FACTORS, factors.address());
            set(Parameter.OUT_STRIDE, row);
            int vectors = columns * Float.BYTES / VECTOR;
            for (int v = 0; v < vectors; v += Attention512.VECTORS) {
                long skip = (long) v * VECTOR;
                set(Parameter.KV, tile.address() + from * row + skip);
                set(Parameter.OUT, out.address() + skip);
                block.call(values[queries][Math.min(Attention512.VECTORS, vectors - v)]);
            }
        }

        private void set(Parameter parameter, long value) {
            block.set(parameter.offset(), value);
        }
    }
}
