package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.machine.ParameterBlock.require;

import dev.snoozy.kernels.machine.Vnni512.Parameter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The assembled kernels, and the checks that stand before each call: machine code believes its
 * pointers, so that what it will touch must lie inside the segments it is given.
 *
 * <p>The kernels of a format are assembled by {@link #prepare}, which one thread calls before
 * others use them; each thread calls with parameters of its own.
 */
final class Kernel512 {
    /** What a format has kernels of its own for. */
    private record Own(Kernel vector, Kernel panel, long constants) {}

    /** Formats with the same panels share their matrix kernels. */
    private record Tile(int parts, boolean minima, int tokens, boolean goOn) {
        static Tile of(Format16 format, int tokens, boolean goOn) {
            return new Tile(format.parts(), format.hasMinima(), tokens, goOn);
        }
    }

    private final Arena arena;
    private final KernelLoop loop;
    private final Map<Format16, Own> own = new EnumMap<>(Format16.class);
    private final Map<Tile, Kernel> tiles = new HashMap<>();

    /** Kernels that live as long as the arena. */
    Kernel512(Arena arena) {
        this.arena = arena;
        loop =
                new KernelLoop(
                        arena,
                        Parameter.WEIGHT.offset(),
                        Parameter.SCALES.offset(),
                        Parameter.OUT.offset(),
                        Parameter.ACTIVATIONS.offset());
    }

    /** Assembles what products with so many tokens need, if that is still to be done. */
    void prepare(Format16 format, int tokens) {
        own.computeIfAbsent(
                format,
                f -> {
                    byte[] constants = Vnni512.constants(f);
                    MemorySegment segment = arena.allocate(constants.length, Vnni512.VECTOR);
                    segment.copyFrom(MemorySegment.ofArray(constants));
                    return new Own(
                            install(Vnni512.vector(f)),
                            install(Vnni512.panel(f)),
                            segment.address());
                });
        if (tokens > 1) {
            prepareTile(format, Math.min(tokens, Vnni512.TILE));
            prepareTile(format, tokens % Vnni512.TILE);
        }
    }

    private void prepareTile(Format16 format, int tokens) {
        for (boolean goOn : new boolean[] {false, true}) {
            if (tokens > 0) {
                tiles.computeIfAbsent(
                        Tile.of(format, tokens, goOn),
                        tile -> install(Vnni512.matrix(format, tokens, goOn)));
            }
        }
    }

    private Kernel install(byte[] code) {
        return Kernel.install(code, arena);
    }

    private Own own(Format16 format) {
        return Objects.requireNonNull(own.get(format), "the format is prepared");
    }

    /** The parameters of one thread. */
    final class Call {
        private final ParameterBlock block;
        private final ParameterBlock loopBlock;

        Call(Arena arena) {
            block = new ParameterBlock(Vnni512.PARAMETER_BYTES, arena);
            loopBlock = loop.newBlock(arena);
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
            require(activations, Activations8.of(format).bytes(1, units * format.blocks()));
            require(out, (long) groups * Format16.ROWS * Float.BYTES);
            set(Parameter.WEIGHT, weight.address());
            set(Parameter.ACTIVATIONS, activations.address());
            set(Parameter.OUT, out.address());
            set(Parameter.COUNT, units);
            set(Parameter.STRIDE, groups);
            set(Parameter.CONSTANTS, own(format).constants());
            block.call(own(format).vector());
        }

        /**
         * Decodes units of some groups to panels, which lie one after another.
         *
         * @param groupStride bytes from the units of a group to those of the next one
         */
        void panels(
                Format16 format,
                int units,
                int groups,
                MemorySegment weight,
                long groupStride,
                MemorySegment codes,
                MemorySegment scales) {
            int blocks = units * format.blocks();
            long codeBytes = (long) blocks * Vnni512.PANEL_CODES;
            long scaleBytes = (long) blocks * Vnni512.panelScales(format);
            require(weight, (groups - 1) * groupStride + (long) units * format.unitBytes());
            require(codes, groups * codeBytes);
            require(scales, groups * scaleBytes);
            set(Parameter.WEIGHT, weight.address());
            set(Parameter.CONSTANTS, own(format).constants());
            set(Parameter.OUT, codes.address());
            set(Parameter.COUNT, units);
            set(Parameter.SCALES, scales.address());
            long[] steps = {groupStride, scaleBytes, codeBytes, 0};
            loop.run(loopBlock, own(format).panel(), block, 1, groups, steps, new long[4]);
        }

        /**
         * Tiles of tokens with panels, each tile with each panel.
         *
         * @param tokens of each tile
         * @param blocks of a panel
         * @param goOn whether to go on from the sums that stand in {@code out}
         * @param tileStride bytes from a tile of activations to the next one
         * @param stride floats from a token's results to the next one's; those of a panel follow
         *     those of the panel before
         */
        void matrices(
                Format16 format,
                int tokens,
                int tileCount,
                int blocks,
                int groups,
                boolean goOn,
                MemorySegment codes,
                MemorySegment scales,
                MemorySegment activations,
                long tileStride,
                MemorySegment out,
                long stride) {
            long codeBytes = (long) blocks * Vnni512.PANEL_CODES;
            long scaleBytes = (long) blocks * Vnni512.panelScales(format);
            long tileBytes = Activations8.of(format).bytes(tokens, blocks);
            long rows = (long) tileCount * tokens;
            require(codes, groups * codeBytes);
            require(scales, groups * scaleBytes);
            require(activations, (tileCount - 1) * tileStride + tileBytes);
            require(out, ((rows - 1) * stride + (long) groups * Format16.ROWS) * Float.BYTES);
            set(Parameter.WEIGHT, codes.address());
            set(Parameter.ACTIVATIONS, activations.address());
            set(Parameter.OUT, out.address());
            set(Parameter.COUNT, blocks);
            set(Parameter.STRIDE, stride * Float.BYTES);
            set(Parameter.SCALES, scales.address());
            Kernel kernel = tiles.get(Tile.of(format, tokens, goOn));
            long[] perGroup = {codeBytes, scaleBytes, Vnni512.VECTOR, 0};
            long[] perTile = {0, 0, tokens * stride * Float.BYTES, tileStride};
            loop.run(
                    loopBlock,
                    Objects.requireNonNull(kernel, "the tile is prepared"),
                    block,
                    tileCount,
                    groups,
                    perGroup,
                    perTile);
        }

        private void set(Parameter parameter, long value) {
            block.set(parameter.offset(), value);
        }
    }
}
