package dev.snoozy.kernels.machine.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Plain8;
import dev.snoozy.kernels.machine.packing.PlainPacker;
import dev.snoozy.kernels.machine.packing.PlainRounding;
import dev.snoozy.kernels.system.GuardedMemory;
import dev.snoozy.kernels.system.GuardedMemory.Edge;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/**
 * The kernels against plain Java that sums in the same order: equal bit for bit. What a kernel is
 * given begins or ends at a page that nobody may touch.
 */
@ParameterizedClass
@EnumSource(Isa.class)
class ProductKernelsTest {
    private final Isa isa;
    private final Arena arena = Arena.ofConfined();
    private ProductKernels kernels;
    private ProductKernels.Call call;

    ProductKernelsTest(Isa isa) {
        this.isa = isa;
    }

    @BeforeEach
    void assemble() {
        String obstacle = isa.obstacle();
        assumeTrue(obstacle == null, () -> "no " + isa + " here: " + obstacle);
        kernels = new ProductKernels(isa, arena);
        call = kernels.new Call(arena);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    /** A weight in the blocks of a file, and the same packed. */
    private final class Case {
        private final Format16 format;
        private final int rows;
        private final int in;
        private final int tokens;
        private final Plain8 plain;
        private final float[] x;
        private final Edge edge;
        private final MemorySegment packed;
        private final GuardedMemory activations;
        private final GuardedMemory vector;
        private final GuardedMemory matrix;
        private final GuardedMemory codes;
        private final GuardedMemory scales;

        Case(Plain8 plain, int rows, float[] x, Edge edge) {
            format = plain.format();
            in = plain.in();
            tokens = x.length / in;
            this.rows = rows;
            this.plain = plain;
            this.x = x;
            this.edge = edge;
            MemorySegment target = arena.allocate(groups() * format.groupBytes(in), 64);
            PlainPacker packer = new PlainPacker(format);
            for (int group = 0; group < groups(); group++) {
                packer.pack(group, rows, in, plain.blocks(), target);
            }
            packed = GuardedMemory.copy(target, edge, arena);
            for (int tile = 1; tile <= kernels.tile(); tile++) {
                kernels.prepare(format, kernels.tile() + tile);
            }
            for (int few = 1; few <= kernels.few(); few++) {
                kernels.prepare(format, few);
            }
            int blocks = format.units(in) * format.blocks();
            activations = new GuardedMemory(Activations8.of(format).bytes(tokens, blocks), arena);
            vector = new GuardedMemory(4L * kernels.few() * stride(), arena);
            matrix = new GuardedMemory(4L * tokens * stride(), arena);
            codes = new GuardedMemory((long) blocks * ProductCode.PANEL_CODES, arena);
            scales = new GuardedMemory((long) blocks * ProductCode.panelScales(format), arena);
        }

        private int groups() {
            return (rows + 15) / 16;
        }

        private int stride() {
            return groups() * 16 + 16;
        }

        /** A tile, of blocks {@code from ..} of each token. */
        private MemorySegment activations(int token, int count, int from, int blocks) {
            Activations8 layout = Activations8.of(format);
            int all = format.units(in) * format.blocks();
            MemorySegment tile = arena.allocate(layout.bytes(count, all), 64);
            PlainRounding.pack(layout, x, token * in, in, count, all, tile, 0);
            long bytes = layout.bytes(count, blocks);
            return activations
                    .of(bytes, edge)
                    .copyFrom(tile.asSlice(layout.bytes(count, from), bytes));
        }

        /** By the vector kernel, so many tokens at once: {@code [tokens, 16 * groups]}. */
        float[][] byVectors(int few) {
            float[][] y = new float[tokens][];
            int units = format.units(in);
            for (int t = 0; t < tokens; t += few) {
                int count = Math.min(few, tokens - t);
                // The last row ends where its results do.
                long bytes = 4L * (count - 1) * stride() + 64L * groups();
                MemorySegment out = vector.of(bytes, edge).fill((byte) 0x7F);
                MemorySegment tile = activations(t, count, 0, units * format.blocks());
                call.vector(format, count, units, groups(), packed, tile, out, stride());
                for (int i = 0; i < count; i++) {
                    y[t + i] =
                            out.asSlice(4L * i * stride(), 64L * groups())
                                    .toArray(ValueLayout.JAVA_FLOAT);
                }
            }
            return y;
        }

        /** By the matrix kernel, in tiles, a row in parts of so many units. */
        float[][] byTiles(int tile, int part) {
            MemorySegment y = arena.allocate(4L * tokens * stride(), 64);
            int perUnit = format.blocks();
            for (int group = 0; group < groups(); group++) {
                for (int from = 0; from < format.units(in); from += part) {
                    int units = Math.min(part, format.units(in) - from);
                    int blocks = units * perUnit;
                    long at = group * format.groupBytes(in) + (long) from * format.unitBytes();
                    MemorySegment c = codes.of((long) blocks * ProductCode.PANEL_CODES, edge);
                    MemorySegment s =
                            scales.of((long) blocks * ProductCode.panelScales(format), edge);
                    call.panels(format, units, 1, packed.asSlice(at), 0, c, s);
                    for (int t = 0; t < tokens; t += tile) {
                        int count = Math.min(tile, tokens - t);
                        MemorySegment token = activations(t, count, perUnit * from, blocks);
                        // The last row of a tile ends where its sixteen results do.
                        long bytes = 4L * ((count - 1) * stride() + 16);
                        MemorySegment part16 = y.asSlice(4L * (t * stride() + 16 * group), bytes);
                        MemorySegment out = matrix.of(bytes, edge).copyFrom(part16);
                        call.matrices(
                                format, count, 1, blocks, 1, from > 0, c, s, token, 0, out,
                                stride());
                        part16.copyFrom(out);
                    }
                }
            }
            float[][] rows = new float[tokens][];
            for (int t = 0; t < tokens; t++) {
                rows[t] =
                        y.asSlice(4L * t * stride(), 64L * groups())
                                .toArray(ValueLayout.JAVA_FLOAT);
            }
            return rows;
        }

        float[][] expected() {
            float[][] y = new float[tokens][rows];
            for (int row = 0; row < rows; row++) {
                List<Plain8.Part> parts = plain.parts(row);
                for (int t = 0; t < tokens; t++) {
                    y[t][row] = plain.product(parts, x, t * in);
                }
            }
            return y;
        }

        /** All NaNs are one. */
        void check(float[][] found, float[][] expected, String how) {
            for (int t = 0; t < tokens; t++) {
                for (int row = 0; row < rows; row++) {
                    assertThat(Float.floatToIntBits(found[t][row]))
                            .as("%s, token %d, row %d of [%d, %d]", how, t, row, rows, in)
                            .isEqualTo(Float.floatToIntBits(expected[t][row]));
                }
            }
        }
    }

    private Case random(Format16 format, int rows, int in, int tokens, long seed) {
        Random random = new Random(seed);
        Plain8 plain = Plain8.random(format, rows, in, random);
        float[] x = new float[tokens * in];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return new Case(plain, rows, x, seed % 2 == 0 ? Edge.BEGIN : Edge.END);
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyShapeIsEqualToPlainJavaBitForBit(Format16 format) {
        int[][] shapes =
                format.isSuper()
                        ? new int[][] {{1, 256}, {16, 512}, {17, 768}, {33, 1024}}
                        : new int[][] {
                            {1, 32}, {16, 64}, {17, 96}, {31, 160}, {48, 256}, {5, 2048}
                        };
        for (int[] shape : shapes) {
            for (long seed = 0; seed < 2; seed++) {
                Case of = random(format, shape[0], shape[1], 3, seed);
                float[][] expected = of.expected();
                of.check(of.byVectors(1), expected, "vectors");
                of.check(of.byTiles(3, 1), expected, "tiles");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void randomShapesAreEqualToPlainJavaBitForBit(Format16 format) {
        Random random = new Random(format.ordinal());
        for (int i = 0; i < 8; i++) {
            int block = format.type().blockSize();
            int in = block * (1 + random.nextInt(1024 / block));
            Case of = random(format, 1 + random.nextInt(70), in, 1 + random.nextInt(20), i);
            float[][] expected = of.expected();
            int few = 1 + random.nextInt(kernels.few());
            of.check(of.byVectors(few), expected, "vectors of " + few);
            int tile = 1 + random.nextInt(kernels.tile());
            of.check(of.byTiles(tile, 1 + random.nextInt(4)), expected, "tiles of " + tile);
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyTileIsEqualToPlainJavaBitForBit(Format16 format) {
        for (int tile = 1; tile <= kernels.tile(); tile++) {
            Case of = random(format, 20, format.isSuper() ? 1024 : 448, 2 * tile + 1, tile);
            float[][] expected = of.expected();
            of.check(of.byTiles(tile, 8), expected, "tile of " + tile);
            of.check(of.byTiles(tile, 3), expected, "tile of " + tile + " in parts");
            if (tile <= kernels.few()) {
                of.check(of.byVectors(tile), expected, tile + " vectors at once");
            }
        }
    }

    /** The sums of integers are exact even where all products are the largest there are. */
    @ParameterizedTest
    @EnumSource(Format16.class)
    void theLargestCodesTimesTheLargestActivationsAreExact(Format16 format) {
        Random random = new Random(5);
        int in = 512;
        float[] x = new float[6 * in];
        for (int i = 0; i < in; i++) {
            x[i] = 1;
            x[in + i] = -1;
            x[2 * in + i] = i % 2 == 0 ? 1 : -1;
            x[3 * in + i] = i % 4 < 2 ? 1 : -1;
            x[4 * in + i] = i % 8 < 4 ? 1 : -1;
            x[5 * in + i] = random.nextBoolean() ? 1 : -1;
        }
        for (int value : new int[] {0, 0x80, 0x7F, 0xFF, 0x88, 0x0F}) {
            Edge edge = value % 2 == 0 ? Edge.BEGIN : Edge.END;
            Case of = new Case(Plain8.filled(format, 16, in, value, random), 16, x, edge);
            float[][] expected = of.expected();
            of.check(of.byVectors(1), expected, "vectors of " + value);
            of.check(of.byVectors(kernels.few()), expected, "few vectors of " + value);
            of.check(of.byTiles(kernels.tile(), 2), expected, "tiles of " + value);
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void extremesAndNaNsAreWhatPlainJavaSays(Format16 format) {
        Case of = random(format, 16, 256, 8, 3);
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
        float[][] expected = of.expected();
        of.check(of.byVectors(1), expected, "vectors");
        of.check(of.byTiles(Math.min(8, kernels.tile()), 2), expected, "tiles");
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void memoryThatIsTooShortIsRefused(Format16 format) {
        Case of = random(format, 16, format.blocks() * 32, 1, 1);
        MemorySegment out = arena.allocate(64, 64);
        MemorySegment x = of.activations(0, 1, 0, format.blocks());
        assertThatThrownBy(() -> call.vector(format, 1, 1, 2, of.packed, x, out, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected native memory of");
        assertThatThrownBy(() -> call.vector(format, 1, 2, 1, of.packed, x, out, 16))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call.vector(format, 1, 1, 1, of.packed, x, out.asSlice(4), 16))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        call.vector(
                                format,
                                1,
                                1,
                                1,
                                of.packed,
                                x,
                                MemorySegment.ofArray(new float[16]),
                                16))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call.vector(format, 1, 0, 1, of.packed, x, out, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected one or more, found 0");
    }
}
