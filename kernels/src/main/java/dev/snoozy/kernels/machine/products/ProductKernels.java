package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.machine.code.ParameterBlock.require;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.KernelLoop;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;

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
final class ProductKernels {
    /** What a format has kernels of its own for. */
    private record Own(Kernel panel, long constants) {}

    /** Few tokens with units of a format. */
    private record Few(Format16 format, int tokens) {}

    /** Formats with the same panels share their matrix kernels. */
    private record Tile(int parts, boolean minima, IntegerSums.Way way, int tokens, boolean goOn) {}

    private final Isa isa;
    private final Arena arena;
    private final KernelLoop loop;
    private final Map<Format16, Own> own = new EnumMap<>(Format16.class);
    private final Map<Few, Kernel> vectors = new HashMap<>();
    private final Map<Tile, Kernel> tiles = new HashMap<>();

    /** Kernels for a set of instructions, which live as long as the arena. */
    ProductKernels(Isa isa, Arena arena) {
        this.isa = isa;
        this.arena = arena;
        loop =
                new KernelLoop(
                        arena,
                        ProductParameter.WEIGHT.offset(),
                        ProductParameter.SCALES.offset(),
                        ProductParameter.OUT.offset(),
                        ProductParameter.ACTIVATIONS.offset());
    }

    /** The most tokens of a tile. */
    int tile() {
        return TileCode.most(isa);
    }

    /** The most tokens that {@link Call#vector} takes; worth it for so few. */
    int few() {
        return ProductCode.few(isa);
    }

    /** Assembles what products with so many tokens need, if that is still to be done. */
    void prepare(Format16 format, int tokens) {
        own.computeIfAbsent(
                format,
                f -> {
                    byte[] constants = UnitCode.constants(isa, f);
                    MemorySegment segment = arena.allocate(constants.length, Isa.VECTOR);
                    segment.copyFrom(MemorySegment.ofArray(constants));
                    return new Own(install(ProductCode.panel(isa, f)), segment.address());
                });
        if (tokens <= few()) {
            vectors.computeIfAbsent(
                    new Few(format, tokens),
                    key -> install(ProductCode.vector(isa, format, tokens)));
        } else {
            prepareTile(format, Math.min(tokens, tile()));
            prepareTile(format, tokens % tile());
        }
    }

    private void prepareTile(Format16 format, int tokens) {
        for (boolean goOn : new boolean[] {false, true}) {
            if (tokens > 0) {
                tiles.computeIfAbsent(
                        tile(format, tokens, goOn),
                        key -> install(TileCode.write(isa, format, tokens, goOn)));
            }
        }
    }

    private Tile tile(Format16 format, int tokens, boolean goOn) {
        return new Tile(
                format.parts(), format.hasMinima(), IntegerSums.way(isa, format), tokens, goOn);
    }

    private Kernel install(byte[] code) {
        return Kernel.install(code, arena);
    }

    private Own own(Format16 format) {
        return Objects.requireNonNull(own.get(format), "the format is prepared");
    }

    /** Kernels count down to zero from what they are given. */
    private static void requireSome(int... counts) {
        for (int count : counts) {
            if (count < 1) {
                throw new IllegalArgumentException("expected one or more, found " + count);
            }
        }
    }

    /** The parameters of one thread. */
    final class Call {
        private final ParameterBlock block;
        private final ParameterBlock loopBlock;

        Call(Arena arena) {
            block = new ParameterBlock(ProductParameter.BYTES, arena);
            loopBlock = loop.newBlock(arena);
        }

        /**
         * A tile of few tokens with some groups of sixteen rows.
         *
         * @param weight the packed groups, and nothing else
         * @param activations the packed tile
         * @param out a row of results for each token; {@code 16 * groups} of them are written
         * @param stride floats from a token's results to the next one's
         */
        void vector(
                Format16 format,
                int tokens,
                int units,
                int groups,
                MemorySegment weight,
                MemorySegment activations,
                MemorySegment out,
                long stride) {
            requireSome(tokens, units, groups);
            require(weight, (long) groups * units * format.unitBytes());
            require(activations, Activations8.of(format).bytes(tokens, units * format.blocks()));
            require(out, ((tokens - 1) * stride + (long) groups * Format16.ROWS) * Float.BYTES);
            set(ProductParameter.WEIGHT, weight.address());
            set(ProductParameter.ACTIVATIONS, activations.address());
            set(ProductParameter.OUT, out.address());
            set(ProductParameter.COUNT, units);
            set(ProductParameter.STRIDE, groups);
            set(ProductParameter.SCALES, stride * Float.BYTES);
            set(ProductParameter.CONSTANTS, own(format).constants());
            Kernel kernel = vectors.get(new Few(format, tokens));
            block.call(Objects.requireNonNull(kernel, "the tokens are prepared"));
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
            requireSome(units, groups);
            int blocks = units * format.blocks();
            long codeBytes = (long) blocks * ProductCode.PANEL_CODES;
            long scaleBytes = (long) blocks * ProductCode.panelScales(format);
            require(weight, (groups - 1) * groupStride + (long) units * format.unitBytes());
            require(codes, groups * codeBytes);
            require(scales, groups * scaleBytes);
            set(ProductParameter.WEIGHT, weight.address());
            set(ProductParameter.CONSTANTS, own(format).constants());
            set(ProductParameter.OUT, codes.address());
            set(ProductParameter.COUNT, units);
            set(ProductParameter.SCALES, scales.address());
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
            requireSome(tokens, tileCount, blocks, groups);
            long codeBytes = (long) blocks * ProductCode.PANEL_CODES;
            long scaleBytes = (long) blocks * ProductCode.panelScales(format);
            long tileBytes = Activations8.of(format).bytes(tokens, blocks);
            long rows = (long) tileCount * tokens;
            require(codes, groups * codeBytes);
            require(scales, groups * scaleBytes);
            require(activations, (tileCount - 1) * tileStride + tileBytes);
            require(out, ((rows - 1) * stride + (long) groups * Format16.ROWS) * Float.BYTES);
            set(ProductParameter.WEIGHT, codes.address());
            set(ProductParameter.ACTIVATIONS, activations.address());
            set(ProductParameter.OUT, out.address());
            set(ProductParameter.COUNT, blocks);
            set(ProductParameter.STRIDE, stride * Float.BYTES);
            set(ProductParameter.SCALES, scales.address());
            set(ProductParameter.CONSTANTS, own(format).constants());
            Kernel kernel = tiles.get(tile(format, tokens, goOn));
            long[] perGroup = {codeBytes, scaleBytes, Isa.VECTOR, 0};
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

        private void set(ProductParameter parameter, long value) {
            block.set(parameter.offset(), value);
        }
    }
}
