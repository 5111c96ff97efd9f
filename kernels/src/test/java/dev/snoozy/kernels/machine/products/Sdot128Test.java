package dev.snoozy.kernels.machine.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.arm.ArmCpu;
import dev.snoozy.kernels.arm.ArmCpu.Feature;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Plain8;
import dev.snoozy.kernels.machine.packing.PlainPacker;
import dev.snoozy.kernels.machine.packing.PlainRounding;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The kernels for AArch64 against plain Java that sums in the same order: equal bit for bit. Where
 * they cannot run, it is only tried that they can be written.
 */
class Sdot128Test {
    private static final byte[] RETURN = {(byte) 0xC0, 0x03, 0x5F, (byte) 0xD6};

    private final Arena arena = Arena.ofConfined();
    private final ParameterBlock block = new ParameterBlock(ProductParameter.BYTES, arena);
    private final Map<String, Kernel> installed = new HashMap<>();

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyKernelCanBeWrittenOnAnyProcessor(Format16 format) {
        assertThat(Sdot128.vector(format)).endsWith(RETURN);
        assertThat(Sdot128.panel(format)).endsWith(RETURN);
        for (int tokens = 1; tokens <= Sdot128.TILE; tokens++) {
            assertThat(Sdot128.matrix(format, tokens, false)).endsWith(RETURN);
            assertThat(Sdot128.matrix(format, tokens, true)).endsWith(RETURN);
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyShapeIsEqualToPlainJavaBitForBit(Format16 format) {
        assumeDotProducts();
        int[][] shapes =
                format.isSuper()
                        ? new int[][] {{1, 256}, {17, 768}, {33, 1024}}
                        : new int[][] {{1, 32}, {16, 64}, {17, 96}, {31, 160}, {5, 2048}};
        for (int[] shape : shapes) {
            Case of = new Case(format, shape[0], shape[1], 3, shape[1]);
            of.check(of.byVectors(), "vectors");
            of.check(of.byTiles(3, 1), "tiles");
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyTileIsEqualToPlainJavaBitForBit(Format16 format) {
        assumeDotProducts();
        Case of = new Case(format, 20, format.isSuper() ? 1024 : 448, 25, 7);
        for (int tile = 1; tile <= Sdot128.TILE; tile++) {
            of.check(of.byTiles(tile, 8), "tile of " + tile);
            of.check(of.byTiles(tile, 3), "tile of " + tile + " in parts");
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void extremesAndNaNsAreWhatPlainJavaSays(Format16 format) {
        assumeDotProducts();
        Case of = new Case(format, 16, 256, 8, 3);
        for (int i = 0; i < 256; i++) {
            of.x[i] = i % 2 == 0 ? 1e30f : -1e30f;
            of.x[256 + i] = 0;
            of.x[2 * 256 + i] = 1e-38f * i;
            of.x[3 * 256 + i] = i == 70 ? Float.NaN : 1;
            of.x[4 * 256 + i] = i == 3 ? Float.POSITIVE_INFINITY : 1;
            of.x[5 * 256 + i] = -0f;
            of.x[6 * 256 + i] = 127;
            of.x[7 * 256 + i] = i == 255 ? Float.NEGATIVE_INFINITY : 2;
        }
        of.check(of.byVectors(), "vectors");
        of.check(of.byTiles(8, 2), "tiles");
    }

    private static void assumeDotProducts() {
        assumeTrue(ArmCpu.features().contains(Feature.DOT_PRODUCT), "no AArch64 with dot products");
    }

    private Kernel kernel(String name, byte[] code) {
        return installed.computeIfAbsent(name, n -> Kernel.install(code, arena));
    }

    private void set(ProductParameter parameter, long value) {
        block.set(parameter.offset(), value);
    }

    /** A weight in the blocks of a file, and the same packed. */
    private final class Case {
        private final Format16 format;
        private final int rows;
        private final int in;
        private final int tokens;
        private final Plain8 plain;
        private final MemorySegment packed;
        private final float[] x;

        Case(Format16 format, int rows, int in, int tokens, long seed) {
            this.format = format;
            this.rows = rows;
            this.in = in;
            this.tokens = tokens;
            Random random = new Random(seed);
            plain = Plain8.random(format, rows, in, random);
            packed = arena.allocate(groups() * format.groupBytes(in), 64);
            PlainPacker packer = new PlainPacker(format);
            for (int group = 0; group < groups(); group++) {
                packer.pack(group, rows, in, plain.blocks(), packed);
            }
            x = new float[tokens * in];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            byte[] constants = Sdot128.constants(format);
            MemorySegment table = arena.allocate(constants.length, 16);
            table.copyFrom(MemorySegment.ofArray(constants));
            set(ProductParameter.CONSTANTS, table.address());
        }

        int groups() {
            return (rows + Format16.ROWS - 1) / Format16.ROWS;
        }

        MemorySegment activations(int from, int count) {
            int blocks = format.units(in) * format.blocks();
            Activations8 activations = Activations8.of(format);
            MemorySegment tile = arena.allocate(activations.bytes(count, blocks), 64);
            PlainRounding.pack(activations, x, from * in, in, count, blocks, tile, 0);
            return tile;
        }

        /** By the vector kernel, token after token: {@code [tokens, 16 * groups]}. */
        float[][] byVectors() {
            Kernel vector = kernel("vector " + format, Sdot128.vector(format));
            float[][] y = new float[tokens][];
            for (int t = 0; t < tokens; t++) {
                MemorySegment out = arena.allocate(groups() * 64L, 64).fill((byte) 0x7F);
                set(ProductParameter.WEIGHT, packed.address());
                set(ProductParameter.ACTIVATIONS, activations(t, 1).address());
                set(ProductParameter.OUT, out.address());
                set(ProductParameter.COUNT, format.units(in));
                set(ProductParameter.STRIDE, groups());
                block.call(vector);
                y[t] = out.toArray(ValueLayout.JAVA_FLOAT);
            }
            return y;
        }

        /** By the matrix kernel, in tiles, a row in parts of so many units. */
        float[][] byTiles(int tile, int part) {
            int perUnit = format.blocks();
            long stride = groups() * 64L + 64;
            MemorySegment out = arena.allocate(tokens * stride, 64).fill((byte) 0x7F);
            MemorySegment codes =
                    arena.allocate((long) perUnit * part * ProductCode.PANEL_CODES, 64);
            MemorySegment scales =
                    arena.allocate((long) perUnit * part * ProductCode.panelScales(format), 64);
            Kernel panel = kernel("panel " + format, Sdot128.panel(format));
            for (int group = 0; group < groups(); group++) {
                for (int from = 0; from < format.units(in); from += part) {
                    int units = Math.min(part, format.units(in) - from);
                    long at = group * format.groupBytes(in) + (long) from * format.unitBytes();
                    set(ProductParameter.WEIGHT, packed.address() + at);
                    set(ProductParameter.OUT, codes.address());
                    set(ProductParameter.SCALES, scales.address());
                    set(ProductParameter.COUNT, units);
                    block.call(panel);
                    set(ProductParameter.WEIGHT, codes.address());
                    set(ProductParameter.COUNT, (long) perUnit * units);
                    set(ProductParameter.STRIDE, stride);
                    for (int t = 0; t < tokens; t += tile) {
                        int count = Math.min(tile, tokens - t);
                        long skip = Activations8.of(format).bytes(count, perUnit * from);
                        set(ProductParameter.ACTIVATIONS, activations(t, count).address() + skip);
                        set(ProductParameter.OUT, out.address() + t * stride + group * 64L);
                        block.call(matrix(count, from > 0));
                    }
                }
            }
            float[][] y = new float[tokens][];
            for (int t = 0; t < tokens; t++) {
                y[t] = out.asSlice(t * stride, 64L * groups()).toArray(ValueLayout.JAVA_FLOAT);
            }
            return y;
        }

        private Kernel matrix(int count, boolean goOn) {
            String name = "matrix " + format + count + goOn;
            return kernel(name, Sdot128.matrix(format, count, goOn));
        }

        void check(float[][] found, String how) {
            for (int row = 0; row < rows; row++) {
                List<Plain8.Part> parts = plain.parts(row);
                for (int t = 0; t < tokens; t++) {
                    float expected = plain.product(parts, x, t * in);
                    assertThat(Float.floatToIntBits(found[t][row]))
                            .as("%s, token %d, row %d of [%d, %d]", how, t, row, rows, in)
                            .isEqualTo(Float.floatToIntBits(expected));
                }
            }
        }
    }
}
