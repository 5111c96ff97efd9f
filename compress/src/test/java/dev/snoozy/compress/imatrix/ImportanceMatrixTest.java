package dev.snoozy.compress.imatrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.FormatException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

class ImportanceMatrixTest {
    private static byte[] file(int calls, float... sums) {
        byte[] name = "a.weight".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(1).putInt(name.length).put(name).putInt(calls).putInt(sums.length);
        for (float sum : sums) {
            bytes.putFloat(sum);
        }
        bytes.putInt(7).putInt(4).put("text".getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static ImportanceMatrix read(byte[] legacy) {
        return ImportanceMatrix.of(ImatrixFile.ofLegacy("x", legacy));
    }

    @Test
    void sumsAreDividedByTheCalls() {
        ImportanceMatrix matrix = read(file(4, 8, 0, 2));
        assertThat(matrix.values().get("a.weight")).containsExactly(2, 0, 0.5f);
        assertThat(matrix.dataset()).isEqualTo("text");
        assertThat(matrix.chunks()).isEqualTo(7);
    }

    @Test
    void everyPrefixOfAFileIsRefusedUnlessItEndsBehindTheEntries() {
        byte[] whole = file(1, 1, 2, 3);
        int entries = whole.length - 12;
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            if (length == entries) {
                assertThat(read(part).chunks()).isZero();
            } else if (length == entries + 4) { // older files end with the number of chunks
                assertThat(read(part).chunks()).isEqualTo(7);
            } else {
                assertThatThrownBy(() -> read(part))
                        .isInstanceOf(FormatException.class)
                        .hasMessageStartingWith("x");
            }
        }
    }

    @Test
    void numbersThatAreNoImportanceAreRefused() {
        assertThatThrownBy(() -> new ImportanceMatrix(Map.of("a", new float[] {1, -1}), "", 0))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("-1.0 in column 1");
        assertThatThrownBy(() -> read(file(1, Float.NaN)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("NaN");
    }
}
