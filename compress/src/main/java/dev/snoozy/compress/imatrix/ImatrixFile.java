package dev.snoozy.compress.imatrix;

import dev.snoozy.format.FormatException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An importance matrix as it stands in a file: for each weight the sums over tokens of the squares
 * of its inputs. Reads and writes both forms of llama.cpp, GGUF and the older one.
 *
 * @param entries by the names of the weights
 * @param datasets names of the texts
 * @param chunks of these texts
 * @param chunkSize tokens per chunk, 0 if the file does not say
 */
public record ImatrixFile(
        SortedMap<String, Entry> entries, List<String> datasets, int chunks, int chunkSize) {

    public ImatrixFile {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
        datasets = List.copyOf(datasets);
    }

    /**
     * The sums of one weight.
     *
     * @param columns inputs of each of its matrices
     * @param sums of squares, {@code [matrices, columns]}
     * @param counts tokens, {@code [matrices]}: more than one where a weight holds those of several
     *     experts. The older form keeps mean squares only; then the counts are those of chunks
     */
    public record Entry(int columns, float[] sums, float[] counts) {
        public Entry {
            if (columns < 1 || sums.length != (long) columns * counts.length) {
                throw new IllegalArgumentException(
                        "expected "
                                + columns
                                + " sums for each of "
                                + counts.length
                                + " matrices, found "
                                + sums.length);
            }
        }

        /** Number of matrices. */
        public int matrices() {
            return counts.length;
        }

        /**
         * The mean squares, {@code [matrices, columns]}. An expert that no token went to has 1 for
         * all its inputs: no opinion.
         */
        public float[] means() {
            float[] means = new float[sums.length];
            for (int i = 0; i < means.length; i++) {
                float count = counts[i / columns];
                means[i] = count > 0 ? sums[i] / count : 1;
            }
            return means;
        }
    }

    /**
     * Reads a file of either form.
     *
     * @throws FormatException if it is neither
     */
    public static ImatrixFile read(Path path) throws IOException {
        return GgufImatrix.is(path) ? GgufImatrix.read(path) : LegacyImatrix.read(path);
    }

    /** Reads the older form from memory. */
    static ImatrixFile ofLegacy(String name, byte[] bytes) {
        return LegacyImatrix.read(name, ByteBuffer.wrap(bytes));
    }

    /** Writes the GGUF form. The file is there as a whole or not at all. */
    public void write(Path target) throws IOException {
        GgufImatrix.write(this, target);
    }

    /** Writes the older form. The file is there as a whole or not at all. */
    public void writeLegacy(Path target) throws IOException {
        LegacyImatrix.write(this, target);
    }

    /** Names of the weights some of whose experts no token went to, with how many of them. */
    public Map<String, Integer> unseen() {
        Map<String, Integer> unseen = new TreeMap<>();
        entries.forEach((name, entry) -> {
            int count = 0;
            for (float tokens : entry.counts()) {
                count += tokens > 0 ? 0 : 1;
            }
            if (count > 0) {
                unseen.put(name, count);
            }
        });
        return unseen;
    }
}
