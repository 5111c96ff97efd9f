package dev.snoozy.compress.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class EncoderTest {
    private static final int COLUMNS = 768;
    private static final int ROWS = 45;

    static List<TensorType> types() {
        return Encoders.types().stream().sorted().toList();
    }

    /** The root mean square error of normal numbers, as it should be at least for so many bits. */
    private static double bound(TensorType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 0.0004;
            case BF16 -> 0.003;
            case Q8_0 -> 0.006;
            case Q6_K -> 0.02;
            case Q5_0, Q5_1, Q5_K -> 0.05;
            case Q4_0, Q4_1, Q4_K, IQ4_NL, IQ4_XS -> 0.1;
            case MXFP4 -> 0.13;
            case Q3_K, IQ3_S -> 0.18;
            case IQ3_XXS -> 0.22;
            case Q2_K, IQ2_S -> 0.36;
            case IQ2_XS, IQ2_XXS -> 0.43;
            case IQ1_S, IQ1_M -> 0.65;
            default -> 1; // TQ1_0, TQ2_0: for models that are ternary already
        };
    }

    @ParameterizedTest
    @MethodSource("types")
    void normalNumbersComeBackAsWellAsTheBitsAllow(TensorType type) {
        float[] x = normal(ROWS * COLUMNS);
        float[] importance = new float[COLUMNS];
        Arrays.fill(importance, 1);
        for (float[] weights : Arrays.asList(null, importance)) {
            float[] y = decoded(type, encoded(type, x, weights));
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += Math.pow(x[i] - y[i], 2);
            }
            assertThat(Math.sqrt(sum / x.length)).isLessThanOrEqualTo(bound(type));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void aRowIsTheSameWhateverRidesBesideIt(TensorType type) {
        float[] x = normal(ROWS * COLUMNS);
        float[] importance = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            importance[i] = i % 11 == 0 ? 0 : i % 7;
        }
        for (float[] weights : Arrays.asList(null, importance)) {
            byte[] all = encoded(type, x, weights);
            int bytes = all.length / ROWS;
            for (int row = 0; row < ROWS; row++) {
                float[] alone = Arrays.copyOfRange(x, row * COLUMNS, (row + 1) * COLUMNS);
                assertThat(encoded(type, alone, weights))
                        .isEqualTo(Arrays.copyOfRange(all, row * bytes, (row + 1) * bytes));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void zerosStayZerosAndOneElementStaysAlone(TensorType type) {
        float[] x = new float[COLUMNS];
        for (float zero : decoded(type, encoded(type, x, null))) {
            assertThat(Math.abs(zero)).isZero(); // Q4_0 and others write a scale of -0
        }
        x[300] = 0.5f;
        float[] y = decoded(type, encoded(type, x, null));
        assertThat(y[300]).isBetween(0.3f, 0.7f);
        for (int i = 0; i < 256; i++) {
            assertThat(Math.abs(y[i])).isZero();
        }
    }

    @Test
    void aBlockWorkedOutByHand() {
        float[] x = new float[32];
        x[0] = -8;
        x[1] = 7;
        x[2] = 0.5f;
        x[16] = 1;
        x[17] = 8;
        // The first of the largest is -8, so the scale is 1; codes are 8 more, at most 15.
        byte[] four = encoded(TensorType.Q4_0, x, null);
        assertThat(HexFormat.of().formatHex(four)).isEqualTo("003c90ff89" + "88".repeat(13));
        byte[] eight = encoded(TensorType.Q8_0, x, null);
        assertThat(eight[2]).isEqualTo((byte) -127);
        assertThat(eight[2 + 17]).isEqualTo((byte) 127);
        assertThat(eight[2 + 2]).isEqualTo((byte) 8); // 7.9375
    }

    @Test
    void halvesAreRoundedAwayFromZeroAndWhatIsJustBelowIsNot() {
        float[] x = new float[32];
        x[0] = 127;
        x[1] = 0.5f;
        x[2] = -0.5f;
        x[3] = Math.nextDown(0.5f);
        x[4] = -2.5f;
        x[5] = Math.nextDown(1.5f);
        byte[] out = encoded(TensorType.Q8_0, x, null);
        assertThat(Arrays.copyOfRange(out, 2, 8)).containsExactly(127, 1, -1, 0, -3, 1);
    }

    @Test
    void valuesOfTheReferenceGiveItsBlocksAgain() throws IOException {
        String name = "q2-llama-heavytail.TQ1_0.gguf.gz";
        byte[] bytes = Data.read(Data.root().resolve("testkit/cases/golden").resolve(name));
        try (GgufFile file = GgufFile.of(bytes)) {
            for (TensorInfo tensor : file.tensors()) {
                byte[] expected = file.data(tensor).toArray(ValueLayout.JAVA_BYTE);
                float[] x = decoded(tensor.type(), expected);
                assertThat(encoded(tensor.type(), x, null)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTypeThatNobodyWritesIsRefused() {
        assertThatThrownBy(() -> Encoders.of(TensorType.Q8_K))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("Q8_K");
    }

    private static float[] normal(int count) {
        Random random = new Random(3);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static byte[] encoded(TensorType type, float[] x, float @Nullable [] importance) {
        byte[] out = new byte[(int) type.bytes(x.length)];
        Arrays.fill(out, (byte) 0x55); // nothing may be left of what was there
        Encoders.of(type).encode(x, x.length, importance, out);
        return out;
    }

    private static float[] decoded(TensorType type, byte[] blocks) {
        int count = blocks.length / type.bytesPerBlock() * type.blockSize();
        float[] x = new float[count];
        BlockCodec.of(type).decode(MemorySegment.ofArray(blocks), 0, x, 0, count);
        return x;
    }
}
