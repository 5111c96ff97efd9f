package dev.snoozy.curate.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.curate.dedup.SyntheticTexts;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

class TextVectorsTest {
    private static final SyntheticTexts TEXTS = new SyntheticTexts(11);

    private static TermTable table() {
        TermTable.Builder builder = new TermTable.Builder();
        for (int i = 0; i < 500; i++) {
            builder.add("the " + TEXTS.text(i, 60));
        }
        return builder.build();
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * (double) b[i];
        }
        return sum;
    }

    @Test
    void textsWithCommonWordsAreNearerThanOthers() {
        TextVectors vectors = new TextVectors(table());
        float[] text = vectors.vector(TEXTS.text(1, 60));
        assertThat(product(text, text)).isCloseTo(1, within(1e-5));
        assertThat(product(text, vectors.vector(TEXTS.changed(1, 60, 3)))).isGreaterThan(0.75);
        for (int i = 2; i < 100; i++) {
            assertThat(product(text, vectors.vector(TEXTS.text(i, 60)))).isLessThan(0.4);
        }
    }

    @Test
    void whatIsInEveryTextSaysNothing() {
        assertThat(new TextVectors(table()).vector("THE!")).containsOnly(0f);
        assertThat(new TextVectors(table()).vector("")).containsOnly(0f);
    }

    private static byte[] bytes(TermTable table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.write(out);
        return out.toByteArray();
    }

    @Test
    void aStoredTableGivesTheSameVectors() throws IOException {
        TermTable table = table();
        byte[] bytes = bytes(table);
        TermTable read = TermTable.read(new ByteArrayInputStream(bytes));
        assertThat(read.texts()).isEqualTo(500);
        assertThat(bytes(read)).isEqualTo(bytes);
        assertThat(new TextVectors(read).vector(TEXTS.text(900, 60)))
                .isEqualTo(new TextVectors(table).vector(TEXTS.text(900, 60)));
    }

    @Test
    void damagedTablesAreRefused() throws IOException {
        byte[] bytes = bytes(table());
        for (int length : new int[] {0, 7, 15, 16, 1000, bytes.length - 1, bytes.length + 1}) {
            assertRefused(Arrays.copyOf(bytes, length));
        }
        for (int at : new int[] {0, 9, 12, 16}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) 0x80;
            assertRefused(damaged);
        }
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> TermTable.read(new ByteArrayInputStream(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cure");
    }
}
