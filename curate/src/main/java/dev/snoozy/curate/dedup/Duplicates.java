package dev.snoozy.curate.dedup;

import java.util.Arrays;

/**
 * What a search found: for each row whether it is kept, and which row is kept instead. Immutable.
 */
public final class Duplicates {
    /** What becomes of a row. */
    public enum Kind {
        KEPT,
        /** Has the same normalised texts as the row that is kept. */
        EXACT,
        /** Is in a group of near duplicates, in which another row is kept. */
        NEAR
    }

    private final int[] kept;
    private final Kind[] kinds;
    private final int exact;
    private final int near;
    private final long bounded;

    /**
     * @param order the rows, best first
     * @param original for each place in the order, the first place of the same content
     * @param groups for each place, the one that is kept
     */
    Duplicates(int[] order, int[] original, int[] groups, long bounded) {
        this.bounded = bounded;
        kept = new int[order.length];
        kinds = new Kind[order.length];
        int same = 0;
        int similar = 0;
        for (int place = 0; place < order.length; place++) {
            int row = order[place];
            kept[row] = order[groups[place]];
            if (groups[place] == place) {
                kinds[row] = Kind.KEPT;
            } else if (original[place] == groups[place]) {
                kinds[row] = Kind.EXACT;
                same++;
            } else {
                kinds[row] = Kind.NEAR;
                similar++;
            }
        }
        exact = same;
        near = similar;
    }

    /** How many rows were searched. */
    public int size() {
        return kept.length;
    }

    /** The row that is kept of this row's group: itself, if it is kept. */
    public int kept(int row) {
        return kept[row];
    }

    public Kind kind(int row) {
        return kinds[row];
    }

    /** How many rows are removed because of their normalised texts. */
    public int exact() {
        return exact;
    }

    /** How many rows are removed because they are near duplicates. */
    public int near() {
        return near;
    }

    /** How many bands were shared by so many rows that not every pair of them was compared. */
    public long boundedBands() {
        return bounded;
    }

    /**
     * The groups of two rows and more: of each the row that is kept, then the others in ascending
     * order. Groups are in the order of the rows that are kept.
     */
    public int[][] groups() {
        int[] sizes = new int[kept.length];
        for (int row : kept) {
            sizes[row]++;
        }
        int[][] groups = new int[kept.length][];
        int[] filled = new int[kept.length];
        for (int row = 0; row < kept.length; row++) {
            int keeper = kept[row];
            if (sizes[keeper] < 2) {
                continue;
            }
            if (filled[keeper] == 0) {
                groups[keeper] = new int[sizes[keeper]];
                groups[keeper][0] = keeper;
                filled[keeper] = 1;
            }
            if (row != keeper) {
                groups[keeper][filled[keeper]++] = row;
            }
        }
        return Arrays.stream(groups).filter(g -> g != null).toArray(int[][]::new);
    }
}
