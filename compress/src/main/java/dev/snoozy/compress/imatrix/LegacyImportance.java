package dev.snoozy.compress.imatrix;

import dev.snoozy.format.FormatException;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The older file of importance matrices, little endian: {@code i32 entries}, then for each {@code
 * i32 length, name, i32 calls, i32 values, f32[values]}, the values being sums over the calls; then
 * {@code i32 chunks, i32 length, dataset}, which older files lack.
 */
final class LegacyImportance {
    private static final int MOST_BYTES = 1 << 30;
    private static final int LONGEST_NAME = 4096;
    private static final int MOST_ENTRIES = 1 << 20;

    private final String file;
    private final ByteBuffer bytes;

    private LegacyImportance(String file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    static ImportanceMatrix read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new FormatException(
                    "%s: expected an importance matrix of at most %d bytes, found %d"
                            .formatted(file, MOST_BYTES, size));
        }
        return of(file.toString(), Files.readAllBytes(file));
    }

    static ImportanceMatrix of(String file, byte[] bytes) {
        LegacyImportance reader = new LegacyImportance(file, ByteBuffer.wrap(bytes));
        try {
            return reader.matrix();
        } catch (BufferUnderflowException e) {
            throw new FormatException(
                    file + ": the importance matrix ends before its last number; make it again", e);
        }
    }

    private ImportanceMatrix matrix() {
        int entries = number("entries", 1, MOST_ENTRIES);
        Map<String, float[]> values = new LinkedHashMap<>();
        for (int i = 0; i < entries; i++) {
            String name = text("the length of a name", 1);
            int calls = bytes.getInt();
            int count = number("values of " + name, 1, bytes.remaining() / Float.BYTES);
            float[] sums = new float[count];
            for (int j = 0; j < count; j++) {
                float sum = bytes.getFloat();
                sums[j] = calls > 0 ? sum / calls : sum;
            }
            if (values.put(name, sums) != null) {
                throw new FormatException(file + ": tensor " + name + " stands there twice");
            }
        }
        if (!bytes.hasRemaining()) {
            return new ImportanceMatrix(values, "", 0);
        }
        int chunks = bytes.getInt();
        return new ImportanceMatrix(values, text("the length of the dataset's name", 0), chunks);
    }

    private String text(String what, int least) {
        byte[] text = new byte[number(what, least, Math.min(LONGEST_NAME, bytes.remaining() - 4))];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private int number(String what, int least, int most) {
        int number = bytes.getInt();
        if (number < least || number > most) {
            throw new FormatException(
                    "%s: %s: expected %d to %d, found %d; is this an importance matrix?"
                            .formatted(file, what, least, most, number));
        }
        return number;
    }
}
