package dev.snoozy.curate.dedup;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The search through one band after the other: rows with the same key are compared, and those that
 * fulfil the rule are joined. Several threads may each take a band. Who is compared depends on the
 * keys alone; a comparison is left out only if its two rows are in one group already.
 */
final class BandSearch {
    private static final int CACHE = 256;

    private final NearDuplicates rows;
    private final DuplicateRule rule;
    private final Rows bands;
    private final int[] order;
    private final int[] places;
    private final UnionFind groups;

    /**
     * @param order the rows, best first
     * @param places the places in that order whose content no earlier one has
     */
    BandSearch(NearDuplicates rows, DuplicateRule rule, Rows bands, int[] order, int[] places) {
        this.rows = rows;
        this.rule = rule;
        this.bands = bands;
        this.order = order;
        this.places = places;
        groups = new UnionFind(places.length);
    }

    /** Searches a band; gives the number of buckets in which not every pair was compared. */
    int band(int band) throws InterruptedException {
        int n = places.length;
        int[] next = new int[n];
        int[] heads = heads(band, next);
        Comparer comparer = new Comparer();
        int[] members = new int[16];
        int bounded = 0;
        for (int head : heads) {
            if (head < 0 || next[head] < 0) {
                continue;
            }
            int count = 0;
            for (int i = head; i >= 0; i = next[i]) {
                if (count == members.length) {
                    members = Arrays.copyOf(members, count * 2);
                }
                members[count++] = i;
            }
            // The chain was built from its end.
            if (count > NearDuplicates.FULL_BUCKET) {
                bounded++;
            }
            compare(members, count, comparer);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return bounded;
    }

    /** A table of chains, each through the places of one key, ascending. */
    private int[] heads(int band, int[] next) {
        int n = places.length;
        int slots = Integer.highestOneBit(Math.max(8, Math.min(n, 1 << 28))) * 4;
        int[] heads = new int[slots];
        Arrays.fill(heads, -1);
        for (int i = n - 1; i >= 0; i--) {
            long key = key(i, band);
            int slot = (int) key & slots - 1;
            while (heads[slot] >= 0 && key(heads[slot], band) != key) {
                slot = (slot + 1) & slots - 1;
            }
            next[i] = heads[slot];
            heads[slot] = i;
        }
        return heads;
    }

    private long key(int i, int band) {
        return bands.get(order[places[i]], band);
    }

    private void compare(int[] members, int count, Comparer comparer) throws InterruptedException {
        boolean all = count <= NearDuplicates.FULL_BUCKET;
        for (int i = 1; i < count; i++) {
            int first = all ? i : Math.min(i, NearDuplicates.WINDOW);
            for (int j = 0; j < first; j++) {
                join(members[i], members[j], comparer);
            }
            for (int j = Math.max(first, i - NearDuplicates.WINDOW); j < i; j++) {
                join(members[i], members[j], comparer);
            }
            if ((i & 1023) == 0 && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void join(int a, int b, Comparer comparer) {
        if (groups.find(a) != groups.find(b) && comparer.fulfils(a, b)) {
            groups.union(a, b);
        }
    }

    /** For each place the place that is kept instead of it, or itself. */
    int[] groups(int[] original) {
        int[] kept = new int[original.length];
        for (int i = 0; i < places.length; i++) {
            kept[places[i]] = places[groups.find(i)];
        }
        for (int place = 0; place < kept.length; place++) {
            kept[place] = kept[original[place]];
        }
        return kept;
    }

    /**
     * Compares, and remembers the shingles of some rows: those of a bucket come again and again.
     */
    private final class Comparer {
        private final long[][] @Nullable [] sets = new long[3][CACHE] @Nullable [];
        private final int[][] owners = new int[3][CACHE];

        Comparer() {
            for (int[] owner : owners) {
                Arrays.fill(owner, -1);
            }
        }

        boolean fulfils(int a, int b) {
            return fulfils(a, b, Field.RESPONSE)
                    && fulfils(a, b, Field.PROMPT)
                    && fulfils(a, b, Field.BOTH);
        }

        private boolean fulfils(int a, int b, Field field) {
            double asked = rule.of(field);
            if (asked == 0) {
                return true;
            }
            long[] one = set(a, field);
            long[] two = set(b, field);
            return Shingles.canReach(asked, one, two) && Shingles.similarity(one, two) >= asked;
        }

        private long[] set(int i, Field field) {
            int slot = i & CACHE - 1;
            int f = field.ordinal();
            long[] set = sets[f][slot];
            if (set == null || owners[f][slot] != i) {
                set = rows.shingles(order[places[i]], field);
                sets[f][slot] = set;
                owners[f][slot] = i;
            }
            return set;
        }
    }
}
