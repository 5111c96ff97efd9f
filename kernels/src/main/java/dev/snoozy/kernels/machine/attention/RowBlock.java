package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.machine.attention.AttentionCode.Sight;

import java.util.ArrayList;
import java.util.List;

/**
 * Some rows of one sequence, one after another, that walk over its tiles together. What they see
 * begins and ends no earlier from row to row.
 *
 * @param rows the batch
 * @param row the first of them
 * @param count how many
 */
record RowBlock(KvRows rows, int row, int count) {
    private static final int TILE = KvPages.PAGE;
    private static final int SEGMENT_TILES = KvPages.SEGMENT / TILE;

    /**
     * Tiles that the same rows see in the same way.
     *
     * @param tile the first
     * @param tiles how many
     * @param from the first row that sees them, counted within the block
     * @param to the row after the last one
     */
    record Run(int tile, int tiles, int from, int to, Sight sight) {}

    /** The rows of a batch in blocks of at most so many rows. */
    static List<RowBlock> of(KvRows rows, int most) {
        List<RowBlock> blocks = new ArrayList<>();
        int start = 0;
        for (int r = 0; r < rows.size(); r++) {
            if (rows.first()[r] < 0 || rows.last()[r] < rows.first()[r]) {
                throw new IllegalArgumentException(
                        "attention: row "
                                + r
                                + " sees the positions "
                                + rows.first()[r]
                                + " to "
                                + rows.last()[r]
                                + ", expected at least one");
            }
            if (r - start == most || r > start && !follows(rows, r)) {
                blocks.add(new RowBlock(rows, start, r - start));
                start = r;
            }
        }
        if (rows.size() > start) {
            blocks.add(new RowBlock(rows, start, rows.size() - start));
        }
        return blocks;
    }

    private static boolean follows(KvRows rows, int r) {
        return rows.tables()[r] == rows.tables()[r - 1]
                && rows.first()[r] >= rows.first()[r - 1]
                && rows.last()[r] >= rows.last()[r - 1];
    }

    /** The first tile that a row of the block sees. */
    int firstTile() {
        return first(0) / TILE;
    }

    /** The last tile that a row of the block sees. */
    int lastTile() {
        return last(count - 1) / TILE;
    }

    int firstSegment() {
        return firstTile() / SEGMENT_TILES;
    }

    /** Number of segments that some of the rows see. */
    int segments() {
        return lastTile() / SEGMENT_TILES - firstSegment() + 1;
    }

    /** The first row that sees some of a segment, counted within the block. */
    int from(int segment) {
        return fromPosition(segment * KvPages.SEGMENT);
    }

    /** The row after the last one that sees some of a segment. */
    int to(int segment) {
        return toPosition(segment * KvPages.SEGMENT + KvPages.SEGMENT - 1);
    }

    private int fromPosition(int begin) {
        int from = 0;
        while (from < count && last(from) < begin) {
            from++;
        }
        return from;
    }

    private int toPosition(int end) {
        int to = count;
        while (to > 0 && first(to - 1) > end) {
            to--;
        }
        return to;
    }

    /** The tiles of a segment, in ascending order. */
    List<Run> runs(int segment) {
        List<Run> runs = new ArrayList<>();
        int tile = Math.max(firstTile(), segment * SEGMENT_TILES);
        int end = Math.min(lastTile(), segment * SEGMENT_TILES + SEGMENT_TILES - 1);
        while (tile <= end) {
            Run run = run(tile);
            int next = tile + 1;
            while (next <= end && sameAs(run, run(next))) {
                next++;
            }
            if (run.from() < run.to()) {
                runs.add(new Run(tile, next - tile, run.from(), run.to(), run.sight()));
            }
            tile = next;
        }
        return runs;
    }

    private static boolean sameAs(Run a, Run b) {
        return a.from() == b.from() && a.to() == b.to() && a.sight() == b.sight();
    }

    private Run run(int tile) {
        int begin = tile * TILE;
        int end = begin + TILE - 1;
        int from = fromPosition(begin);
        int to = toPosition(end);
        if (from >= to) {
            return new Run(tile, 1, from, from, Sight.ALL);
        }
        boolean all = first(to - 1) <= begin && last(from) >= end;
        boolean same = first(to - 1) == first(from) && last(to - 1) == last(from);
        return new Run(tile, 1, from, to, all ? Sight.ALL : same ? Sight.SAME : Sight.OWN);
    }

    private int first(int r) {
        return rows.first()[row + r];
    }

    private int last(int r) {
        return rows.last()[row + r];
    }
}
