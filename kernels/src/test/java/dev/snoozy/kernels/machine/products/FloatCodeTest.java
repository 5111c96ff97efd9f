package dev.snoozy.kernels.machine.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.system.GuardedMemory;
import dev.snoozy.kernels.system.GuardedMemory.Edge;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** The kernels against plain Java that sums in the same order: equal bit for bit. */
@ParameterizedClass
@EnumSource(Isa.class)
class FloatCodeTest {
    private static final int ROWS = 16;

    private final Isa isa;

    FloatCodeTest(Isa isa) {
        this.isa = isa;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void everyTileIsEqualToPlainJavaBitForBit(TensorType type) {
        String obstacle = isa.obstacle();
        assumeTrue(obstacle == null, () -> "no " + isa + " here: " + obstacle);
        for (int tokens = 1; tokens <= FloatCode.most(isa); tokens++) {
            for (int steps : new int[] {1, 2, 13}) {
                Random random = new Random(tokens);
                int in = steps * FloatFormat.STEP;
                float[] w = values(in * ROWS, type, random);
                float[] x = values(in * tokens, TensorType.F32, random);
                if (tokens % 3 == 0) {
                    w[5] = Float.POSITIVE_INFINITY;
                    w[ROWS + 7] = Float.NaN;
                    x[0] = Float.NEGATIVE_INFINITY;
                    x[in * tokens - 1] = -0f;
                }
                Edge edge = tokens % 2 == 0 ? Edge.BEGIN : Edge.END;
                float[] found =
                        product(
                                FloatFormat.of(type, in, FloatFormat.Pairs.NONE),
                                w,
                                x,
                                tokens,
                                edge);
                for (int t = 0; t < tokens; t++) {
                    for (int row = 0; row < ROWS; row++) {
                        float acc = 0;
                        for (int k = 0; k < in; k++) {
                            acc = Math.fma(w[k * ROWS + row], x[k * tokens + t], acc);
                        }
                        assertThat(Float.floatToIntBits(found[t * ROWS + row]))
                                .as("%d elements, token %d of %d, row %d", in, t, tokens, row)
                                .isEqualTo(Float.floatToIntBits(acc));
                    }
                }
            }
        }
    }

    @Test
    void pairsOfBf16AreEqualToPlainJavaBitForBit() {
        assumeTrue(isa.obstacle() == null && isa.multipliesPairs(), "no products of BF16 here");
        for (int tokens = 1; tokens <= FloatCode.most(isa); tokens++) {
            for (int steps : new int[] {1, 2, 13}) {
                Random random = new Random(tokens);
                int in = steps * FloatFormat.STEP;
                float[] w = values(in * ROWS, TensorType.BF16, random);
                float[] x = values(in * tokens, TensorType.BF16, random);
                if (tokens % 3 == 0) {
                    w[5] = Float.POSITIVE_INFINITY;
                    w[ROWS + 7] = Float.NaN;
                    x[0] = Float.NEGATIVE_INFINITY;
                    x[in * tokens - 1] = -0f;
                }
                Edge edge = tokens % 2 == 0 ? Edge.BEGIN : Edge.END;
                float[] found = product(FloatFormat.BF16_PAIRS, w, x, tokens, edge);
                for (int t = 0; t < tokens; t++) {
                    for (int row = 0; row < ROWS; row++) {
                        float acc = 0;
                        for (int k = 0; k < in; k += 2) {
                            int at = k / 2 * 2 * ROWS + 2 * row;
                            int from = k / 2 * 2 * tokens + 2 * t;
                            acc = Math.fma(w[at + 1], x[from + 1], acc);
                            acc = Math.fma(w[at], x[from], acc);
                        }
                        assertThat(Float.floatToIntBits(found[t * ROWS + row]))
                                .as("%d elements, token %d of %d, row %d", in, t, tokens, row)
                                .isEqualTo(Float.floatToIntBits(acc));
                    }
                }
            }
        }
    }

    /**
     * By the kernel, {@code [tokens, 16]}.
     *
     * @param w {@code [in, 16]}
     * @param x {@code [in, tokens]}
     */
    private float[] product(FloatFormat format, float[] w, float[] x, int tokens, Edge edge) {
        try (Arena arena = Arena.ofConfined()) {
            TensorType type = format.type();
            long bytes = w.length * (long) type.bytesPerBlock();
            MemorySegment weight = new GuardedMemory(bytes, arena).of(bytes, edge);
            for (int i = 0; i < w.length; i++) {
                if (type == TensorType.F32) {
                    weight.setAtIndex(ValueLayout.JAVA_FLOAT, i, w[i]);
                } else {
                    weight.setAtIndex(ValueLayout.JAVA_SHORT, i, half(type, w[i]));
                }
            }
            MemorySegment tile = GuardedMemory.copy(activations(format, x), edge, arena);
            long outBytes = 4L * ROWS * tokens;
            MemorySegment out = new GuardedMemory(outBytes, arena).of(outBytes, edge);
            ParameterBlock block = new ParameterBlock(ProductParameter.BYTES, arena);
            block.set(ProductParameter.WEIGHT.offset(), weight.address());
            block.set(ProductParameter.ACTIVATIONS.offset(), tile.address());
            block.set(ProductParameter.OUT.offset(), out.address());
            block.set(ProductParameter.COUNT.offset(), w.length / ROWS / FloatFormat.STEP);
            block.set(ProductParameter.STRIDE.offset(), 4L * ROWS);
            byte[] code = FloatCode.tile(isa, format, tokens, false);
            block.call(Kernel.install(code, arena));
            return out.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static MemorySegment activations(FloatFormat format, float[] x) {
        if (format.together() == 1) {
            return MemorySegment.ofArray(x);
        }
        short[] halves = new short[x.length];
        for (int i = 0; i < x.length; i++) {
            halves[i] = half(TensorType.BF16, x[i]);
        }
        return MemorySegment.ofArray(halves);
    }

    /** Numbers that the type can hold. */
    private static float[] values(int count, TensorType type, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float value = (float) random.nextGaussian();
            values[i] =
                    switch (type) {
                        case F16 -> Float.float16ToFloat(half(type, value));
                        case BF16 -> Float.intBitsToFloat(half(type, value) << 16);
                        default -> value;
                    };
        }
        return values;
    }

    private static short half(TensorType type, float value) {
        return type == TensorType.F16
                ? Float.floatToFloat16(value)
                : (short) (Float.floatToRawIntBits(value) >> 16);
    }
}
