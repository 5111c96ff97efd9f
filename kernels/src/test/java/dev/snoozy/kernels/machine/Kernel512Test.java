package dev.snoozy.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.machine.Cpu.Feature;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The kernels against plain Java that sums in the same order: equal bit for bit. */
class Kernel512Test {
    private final Arena arena = Arena.ofConfined();
    private Kernel512 kernels;
    private Kernel512.Call call;

    @BeforeEach
    void assemble() {
        assumeTrue(Cpu.features().contains(Feature.AVX512_VNNI), "no AVX-512 VNNI here");
        kernels = new Kernel512(arena);
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
        private final Plain8 plain;
        private final MemorySegment packed;
        private final float[] x;
        private final int tokens;

        Case(Format16 format, int rows, int in, int tokens, long seed) {
            this.format = format;
            this.rows = rows;
            this.in = in;
            this.tokens = tokens;
            Random random = new Random(seed);
            plain = Plain8.random(format, rows, in, random);
            int groups = (rows + 15) / 16;
            packed = arena.allocate(groups * format.groupBytes(in), 64);
            UnitPacker packer = new UnitPacker(format);
            for (int group = 0; group < groups; group++) {
                packer.pack(group, rows, in, plain.blocks(), packed);
            }
            for (int tile = 1; tile <= Vnni512.TILE; tile++) {
                kernels.prepare(format, Vnni512.TILE + tile);
            }
            x = new float[tokens * in];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
        }

        int groups() {
            return (rows + 15) / 16;
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
            float[][] y = new float[tokens][];
            for (int t = 0; t < tokens; t++) {
                MemorySegment out = arena.allocate(groups() * 64L, 64).fill((byte) 0x7F);
                call.vector(format, format.units(in), groups(), packed, activations(t, 1), out);
                y[t] = out.toArray(ValueLayout.JAVA_FLOAT);
            }
            return y;
        }

        /** By the matrix kernel, in tiles, a row in parts of so many units. */
        float[][] byTiles(int tile, int part) {
            int stride = groups() * 16 + 16;
            MemorySegment out = arena.allocate(4L * tokens * stride, 64).fill((byte) 0x7F);
            int perUnit = format.blocks();
            MemorySegment codes = arena.allocate((long) perUnit * part * Vnni512.PANEL_CODES, 64);
            MemorySegment scales =
                    arena.allocate((long) perUnit * part * Vnni512.panelScales(format), 64);
            for (int group = 0; group < groups(); group++) {
                for (int from = 0; from < format.units(in); from += part) {
                    int units = Math.min(part, format.units(in) - from);
                    long at = group * format.groupBytes(in) + (long) from * format.unitBytes();
                    call.panels(format, units, 1, packed.asSlice(at), 0, codes, scales);
                    for (int t = 0; t < tokens; t += tile) {
                        int count = Math.min(tile, tokens - t);
                        call.matrices(
                                format,
                                count,
                                1,
                                perUnit * units,
                                1,
                                from > 0,
                                codes,
                                scales,
                                activations(t, count)
                                        .asSlice(
                                                Activations8.of(format)
                                                        .bytes(count, perUnit * from)),
                                0,
                                out.asSlice(4L * (t * stride + 16 * group)),
                                stride);
                    }
                }
            }
            float[][] y = new float[tokens][];
            for (int t = 0; t < tokens; t++) {
                y[t] = out.asSlice(4L * t * stride, 64L * groups()).toArray(ValueLayout.JAVA_FLOAT);
            }
            return y;
        }

        void check(float[][] found, String how) {
            for (int row = 0; row < rows; row++) {
                List<Plain8.Part> parts = plain.parts(row);
                for (int t = 0; t < tokens; t++) {
                    float expected = plain.product(parts, x, t * in);
                    assertThat(Float.floatToRawIntBits(found[t][row]))
                            .as("%s, token %d, row %d of [%d, %d]", how, t, row, rows, in)
                            .isEqualTo(Float.floatToRawIntBits(expected));
                }
            }
        }
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
            Case of = new Case(format, shape[0], shape[1], 3, shape[1]);
            of.check(of.byVectors(), "vectors");
            of.check(of.byTiles(3, 1), "tiles");
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void everyTileIsEqualToPlainJavaBitForBit(Format16 format) {
        Case of = new Case(format, 20, format.isSuper() ? 1024 : 448, 25, 7);
        for (int tile : IntStream.rangeClosed(1, Vnni512.TILE).toArray()) {
            of.check(of.byTiles(tile, 8), "tile of " + tile);
            of.check(of.byTiles(tile, 3), "tile of " + tile + " in parts");
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void extremesAndNaNsAreWhatPlainJavaSays(Format16 format) {
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
        float[][] found = of.byVectors();
        float[][] tiles = of.byTiles(8, 2);
        for (int t = 0; t < 8; t++) {
            for (int row = 0; row < 16; row++) {
                float expected = of.plain.product(of.plain.parts(row), of.x, t * 256);
                assertThat(found[t][row]).as("token %d", t).isEqualTo(Float.valueOf(expected));
                assertThat(tiles[t][row]).as("token %d", t).isEqualTo(Float.valueOf(expected));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void memoryThatIsTooShortIsRefused(Format16 format) {
        Case of = new Case(format, 16, format.blocks() * 32, 1, 1);
        MemorySegment out = arena.allocate(64, 64);
        MemorySegment x = of.activations(0, 1);
        assertThatThrownBy(() -> call.vector(format, 1, 2, of.packed, x, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected native memory of");
        assertThatThrownBy(() -> call.vector(format, 2, 1, of.packed, x, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call.vector(format, 1, 1, of.packed, x, out.asSlice(4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        call.vector(
                                format, 1, 1, of.packed, x, MemorySegment.ofArray(new float[16])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
