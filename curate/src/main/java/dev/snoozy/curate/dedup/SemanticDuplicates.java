package dev.snoozy.curate.dedup;

import dev.snoozy.curate.vectors.Neighbours;
import dev.snoozy.curate.vectors.Vectors;

import java.util.Arrays;

/**
 * Rows that mean the same, by their embeddings: rows whose cosine distance is at most the cutoff
 * are joined, and whatever is connected is a group. The classes are those of Nomic's Atlas, whose
 * cutoff is {@value #CUTOFF}. Every pair is compared (see {@link Neighbours} for the time it
 * takes), so nothing is missed and the result depends on neither order nor threads.
 */
public final class SemanticDuplicates {
    /** Cosine distance at which rows are still the same, if nothing else is asked for. */
    public static final float CUTOFF = 0.1f;

    /** What becomes of a row. */
    public enum Kind {
        /** Nothing is near it. */
        SINGLETON,
        /** The one of its group that is kept. */
        RETENTION_CANDIDATE,
        /** Another of the same group is kept. */
        DELETION_CANDIDATE
    }

    private final int[] kept;
    private final boolean[] grouped;

    private SemanticDuplicates(int[] kept, boolean[] grouped) {
        this.kept = kept;
        this.grouped = grouped;
    }

    /**
     * Finds the groups.
     *
     * @param vectors of length 1, [rows, width]
     * @param keys of each row, from its content: the smallest of a group is kept; [rows]
     * @param cutoff largest cosine distance, 0 to 2
     * @throws IllegalArgumentException if the numbers do not fit each other, or a vector is not of
     *     length 1
     * @throws InterruptedException if the thread is interrupted
     */
    public static SemanticDuplicates find(Vectors vectors, long[] keys, float cutoff, int threads)
            throws InterruptedException {
        int n = vectors.rows();
        if (keys.length != n) {
            throw new IllegalArgumentException(keys.length + " keys for " + n + " rows");
        }
        if (!(cutoff >= 0 && cutoff <= 2)) {
            throw new IllegalArgumentException("cutoff: " + cutoff + ", expected 0 to 2");
        }
        requireUnit(vectors);
        UnionFind groups = new UnionFind(n);
        Neighbours.pairs(vectors, 1 - cutoff, threads, groups::find, groups::union);
        int[] best = new int[n];
        boolean[] grouped = new boolean[n];
        Arrays.fill(best, -1);
        for (int row = 0; row < n; row++) {
            int group = groups.find(row);
            grouped[group] |= group != row;
            if (best[group] < 0 || keys[row] < keys[best[group]]) {
                best[group] = row;
            }
        }
        int[] kept = new int[n];
        for (int row = 0; row < n; row++) {
            int group = groups.find(row);
            kept[row] = best[group];
            grouped[row] = grouped[group];
        }
        return new SemanticDuplicates(kept, grouped);
    }

    private static void requireUnit(Vectors vectors) {
        for (int row = 0; row < vectors.rows(); row++) {
            double sum = 0;
            for (int i = 0; i < vectors.width(); i++) {
                sum += (double) vectors.get(row, i) * vectors.get(row, i);
            }
            // A text without any known word has no direction, and is near nothing.
            if (!(Math.abs(sum - 1) < 0.01 || sum == 0)) {
                throw new IllegalArgumentException(
                        "the vector of row %d has length %s, expected 1; cure: normalise it"
                                .formatted(row, Math.sqrt(sum)));
            }
        }
    }

    /** The row that is kept of this row's group: itself, if it is kept. */
    public int kept(int row) {
        return kept[row];
    }

    public Kind kind(int row) {
        if (!grouped[row]) {
            return Kind.SINGLETON;
        }
        return kept[row] == row ? Kind.RETENTION_CANDIDATE : Kind.DELETION_CANDIDATE;
    }

    /** How many rows were searched. */
    public int size() {
        return kept.length;
    }
}
