package dev.snoozy.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.BlockCodec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

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

    @ParameterizedTest
    @EnumSource(Format16.class)
    void aUnitHasRoomForEveryBitAndLittleMore(Format16 format) {
        int elements = format.blocks() * 32 * 16;
        int file = (int) format.type().bytes(elements);
        // The nibbles of Q2_K's scales become bytes, which is a fifth of it; the others are near.
        int more = format == Format16.Q2_K ? file / 5 : file / 12;
        assertThat(format.unitBytes()).isBetween(file, file + more);
        assertThat(format.unitBytes() % 64).isZero();
    }
}
