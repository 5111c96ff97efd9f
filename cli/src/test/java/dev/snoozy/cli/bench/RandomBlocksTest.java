package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.compress.Mixture;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.List;

class RandomBlocksTest {
    private static final int ELEMENTS = 64 * 1024;

    static List<TensorType> types() {
        return RandomTypes.all().stream().map(Mixture::base).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("types")
    void elementsHaveTheDeviationThatWasAskedForAroundZero(TensorType type) {
        for (int row : new int[] {256, 14_336}) {
            double wanted = 1 / Math.sqrt(row);
            float[] x = decoded(type, blocks(type, wanted, 7));
            double sum = 0;
            double squares = 0;
            double largest = 0;
            for (float value : x) {
                sum += value;
                squares += (double) value * value;
                largest = Math.max(largest, Math.abs(value));
            }
            // MXFP4 has powers of two for scales and misses by up to the root of two.
            double slack = type == TensorType.MXFP4 ? 0.45 : 0.1;
            assertThat(Math.sqrt(squares / x.length) / wanted).isCloseTo(1, within(slack));
            assertThat(sum / x.length / wanted).isCloseTo(0, within(0.2));
            assertThat(largest).isLessThan(12 * wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void theSameSeedGivesTheSameBytesAndAnotherOthers(TensorType type) {
        byte[] bytes = blocks(type, 0.1, 7);
        assertThat(blocks(type, 0.1, 7)).isEqualTo(bytes);
        assertThat(blocks(type, 0.1, 8)).isNotEqualTo(bytes);
    }

    @Test
    void codesThatNoQuantizerWritesDoNotOccur() {
        float[] eight = decoded(TensorType.Q8_0, onlyCodes(TensorType.Q8_0));
        assertThat(least(eight)).isEqualTo(-127);
        float[] ternary = decoded(TensorType.TQ2_0, onlyCodes(TensorType.TQ2_0));
        assertThat(ternary).containsOnly(-1f, 0f, 1f);
    }

    /** Blocks with their scales set to 1. */
    private static byte[] onlyCodes(TensorType type) {
        byte[] bytes = blocks(type, 0.1, 7);
        int field = type == TensorType.TQ2_0 ? 64 : 0;
        for (int at = 0; at < bytes.length; at += type.bytesPerBlock()) {
            bytes[at + field] = 0;
            bytes[at + field + 1] = 0x3C;
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8080808080808080L, 0x8000FF7F81018000L, -1, 0, 0x0180017F80FF8081L})
    void minus128BecomesMinus127AndNothingElseChanges(long bytes) {
        long mended = RandomBlocks.withoutMinus128(bytes);
        for (int i = 0; i < 64; i += 8) {
            byte before = (byte) (bytes >>> i);
            byte expected = before == -128 ? -127 : before;
            assertThat((byte) (mended >>> i)).isEqualTo(expected);
        }
    }

    @Test
    void pairsOfBitsAreAtMostTwo() {
        long mended = RandomBlocks.withoutThree(0b11_10_01_00_11_11L);
        assertThat(mended).isEqualTo(0b01_10_01_00_01_01L);
    }

    private static byte[] blocks(TensorType type, double deviation, long seed) {
        byte[] bytes = new byte[(int) type.bytes(ELEMENTS)];
        RandomBlocks.fill(MemorySegment.ofArray(bytes), type, deviation, seed);
        return bytes;
    }

    private static float[] decoded(TensorType type, byte[] bytes) {
        float[] x = new float[ELEMENTS];
        BlockCodec.of(type).decode(MemorySegment.ofArray(bytes), 0, x, 0, ELEMENTS);
        return x;
    }

    private static float least(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
        }
        return least;
    }
}
