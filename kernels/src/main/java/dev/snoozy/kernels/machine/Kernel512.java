package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.machine.Vnni512.Parameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The assembled kernels, and the checks that stand before each call: machine code believes its
 * pointers, so that what it will touch must lie inside the segments it is given. Thread-safe; each
 * thread calls with parameters of its own.
 */
final class Kernel512 {
    /** What a format has kernels of its own for. */
    private record Own(MethodHandle vector, MethodHandle panel) {}

    private final Map<Format16, Own> own = new EnumMap<>(Format16.class);
    private final MethodHandle[] matrix = new MethodHandle[Vnni512.TILE + 1];
    private final MethodHandle[] matrixOn = new MethodHandle[Vnni512.TILE + 1];
    private final MemorySegment nibbles;

    /** Assembles all kernels; they live as long as the arena. */
    Kernel512(Arena arena) {
        nibbles = arena.allocate(64, 64).fill((byte) 0x0F);
        for (Format16 format : Format16.values()) {
            own.put(
                    format,
                    new Own(
                            install(Vnni512.vector(format), arena),
                            install(Vnni512.panel(format), arena)));
        }
        for (int tokens = 1; tokens <= Vnni512.TILE; tokens++) {
            matrix[tokens] = install(Vnni512.matrix(tokens, false), arena);
            matrixOn[tokens] = install(Vnni512.matrix(tokens, true), arena);
        }
    }

    private static MethodHandle install(byte[] code, Arena arena) {
        return NativeCalls.kernel(CodeBuffer.install(code, arena));
    }

    private Own own(Format16 format) {
        return Objects.requireNonNull(own.get(format), "every format is assembled");
    }

    /** The parameters of one thread. */
    final class Call {
        private final MemorySegment block;

        Call(Arena arena) {
            block = arena.allocate(Vnni512.PARAMETER_BYTES, 64);
            set(Parameter.NIBBLES, nibbles.address());
        }

        /**
         * One token with some groups of sixteen rows.
         *
         * @param weight the packed groups, and nothing else
         * @param activations one packed token
         * @param out {@code [16 * groups]}
         */
        void vector(
                Format16 format,
                int units,
                int groups,
                MemorySegment weight,
                MemorySegment activations,
                MemorySegment out) {
            require(weight, (long) groups * units * format.unitBytes());
            require(activations, Activations8.bytes(1, units * format.blocks()));
            require(out, (long) groups * Format16.ROWS * Float.BYTES);
            set(Parameter.WEIGHT, weight.address());
            set(Parameter.ACTIVATIONS, activations.address());
            set(Parameter.OUT, out.address());
            set(Parameter.COUNT, units);
            set(Parameter.STRIDE, groups);
            call(own(format).vector());
        }

        /** Decodes units of one group to a panel. */
        void panel(
                Format16 format,
                int units,
                MemorySegment weight,
                MemorySegment codes,
                MemorySegment scales) {
            int blocks = units * format.blocks();
            require(weight, (long) units * format.unitBytes());
            require(codes, (long) blocks * Vnni512.PANEL_CODES);
            require(scales, (long) blocks * Vnni512.PANEL_SCALES);
            set(Parameter.WEIGHT, weight.address());
            set(Parameter.OUT, codes.address());
            set(Parameter.COUNT, units);
            set(Parameter.SCALES, scales.address());
            call(own(format).panel());
        }

        /**
         * A tile of tokens with a panel.
         *
         * @param goOn whether to go on from the sums that stand in {@code out}
         * @param stride floats from a token's results to the next one's
         */
        void matrix(
                int tokens,
                int blocks,
                boolean goOn,
                MemorySegment codes,
                MemorySegment scales,
                MemorySegment activations,
                MemorySegment out,
                long stride) {
            require(codes, (long) blocks * Vnni512.PANEL_CODES);
            require(scales, (long) blocks * Vnni512.PANEL_SCALES);
            require(activations, Activations8.bytes(tokens, blocks));
            require(out, ((tokens - 1) * stride + Format16.ROWS) * Float.BYTES);
            set(Parameter.WEIGHT, codes.address());
            set(Parameter.ACTIVATIONS, activations.address());
            set(Parameter.OUT, out.address());
            set(Parameter.COUNT, blocks);
            set(Parameter.STRIDE, stride * Float.BYTES);
            set(Parameter.SCALES, scales.address());
            call(goOn ? matrixOn[tokens] : matrix[tokens]);
        }

        private void set(Parameter parameter, long value) {
            block.set(ValueLayout.JAVA_LONG, parameter.offset(), value);
        }

        private void call(MethodHandle kernel) {
            try {
                kernel.invokeExact(block.address());
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }
    }

    private static void require(MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes || !segment.isNative()) {
            throw new IllegalArgumentException(
                    "expected native memory of " + bytes + " bytes, found " + segment);
        }
    }
}
