package dev.snoozy.kernels.machine.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.BlockCodec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;
import java.util.stream.IntStream;

class BlockFieldsTest {
    @ParameterizedTest
    @EnumSource(Format16.class)
    void scaleTimesCodeLessMinimumIsWhatTheCodecDecodes(Format16 format) {
        int in = 1024;
        Plain8 plain = Plain8.random(format, 3, in, new Random(5));
        float[] values = new float[in];
        for (int row = 0; row < 3; row++) {
            long at = format.type().bytes((long) row * in);
            BlockCodec.of(format.type()).decode(plain.blocks(), at, values, 0, in);
            for (int block = 0; block < in / 32; block++) {
                for (int p = 0; p < format.parts(); p++) {
                    Plain8.Part part = plain.part(row, block, p);
                    for (int i = 0; i < part.codes().length; i++) {
                        double found = (double) part.scale() * part.codes()[i] - part.minimum();
                        double expected = values[32 * block + p * part.codes().length + i];
                        assertThat(found)
                                .as("%s block %d part %d element %d", format, block, p, i)
                                .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
                    }
                }
            }
        }
    }

    /** Scales of few bits times codes of few: no rounding on either side. */
    @ParameterizedTest
    @EnumSource(
            value = Format16.class,
            names = {
                "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "TQ1_0", "TQ2_0"
            })
    void elementsOfFewBitsAreExactlyThoseOfTheCodec(Format16 format) {
        int in = 2048;
        Plain8 plain = Plain8.random(format, 20, in, new Random(8));
        float[] values = new float[in];
        for (int row = 0; row < 20; row++) {
            long at = format.type().bytes((long) row * in);
            BlockCodec.of(format.type()).decode(plain.blocks(), at, values, 0, in);
            int next = 0;
            for (Plain8.Part part : plain.parts(row)) {
                for (int code : part.codes()) {
                    assertThat(part.scale() * code)
                            .as("%s row %d element %d", format, row, next)
                            .isEqualTo(values[next++] + 0f); // -0 becomes 0
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void aUnitHasRoomForEveryBitAndLittleMore(Format16 format) {
        int elements = format.blocks() * 32 * 16;
        int file = (int) format.type().bytes(elements);
        int needed = file;
        if (format.hasLattice() || format == Format16.TQ1_0) { // a code for each element
            int bits = IntStream.of(format.planes()).sum();
            int scale = format.scales() == Format16.Scales.WIDE ? Float.SIZE : Short.SIZE;
            int part = format.hasLattice() ? 4 * 8 * format.parts() : 0;
            needed = (elements * bits + elements / 256 * (scale + part)) / Byte.SIZE;
        }
        // The nibbles of Q2_K's scales become bytes, which is a fifth of it; the others are near.
        int more = format == Format16.Q2_K ? needed / 5 : needed / 12;
        assertThat(format.unitBytes()).isBetween(needed, needed + more);
        assertThat(format.unitBytes() % 64).isZero();
    }
}
