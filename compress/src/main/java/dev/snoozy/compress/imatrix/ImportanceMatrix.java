package dev.snoozy.compress.imatrix;

import dev.snoozy.format.FormatException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much an error in each column of each weight matters: the mean square of what the column was
 * multiplied with while a model read a text.
 *
 * @param values by tensor name: a number for each column, of one expert after another where a
 *     tensor holds several; the caller must not change them
 * @param dataset the text it was made from, empty if that is not known
 * @param chunks parts of the text that were read, 0 if that is not known
 */
public record ImportanceMatrix(Map<String, float[]> values, String dataset, int chunks) {
    /** Checks that all numbers are finite and none is negative. */
    public ImportanceMatrix {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        values.forEach(ImportanceMatrix::check);
    }

    private static void check(String tensor, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= Float.MAX_VALUE)) {
                throw new FormatException(
                        "importance matrix: tensor %s: expected finite numbers of 0 or more, found %s in column %d; make it again"
                                .formatted(tensor, values[i], i));
            }
        }
    }

    /**
     * Reads a file in either form of llama.cpp; see {@link ImatrixFile}.
     *
     * @throws FormatException if it is no such file
     */
    public static ImportanceMatrix read(Path path) throws IOException {
        return of(ImatrixFile.read(path));
    }

    /** The mean squares of a file. */
    static ImportanceMatrix of(ImatrixFile file) {
        Map<String, float[]> means = new LinkedHashMap<>();
        file.entries().forEach((name, entry) -> means.put(name, entry.means()));
        return new ImportanceMatrix(means, String.join(", ", file.datasets()), file.chunks());
    }
}
