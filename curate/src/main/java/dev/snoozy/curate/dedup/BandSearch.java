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
    private final int[] numbers; // by row: the index of its place, or -1
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
        numbers = new int[order.length];
        Arrays.fill(numbers, -1);
        for (int i = 0; i < places.length; i++) {
            numbers[order[places[i]]] = i;
        }
    }

    /** Searches a band; gives the number of buckets in which not every pair was compared. */
    int band(int band) throws InterruptedException {
        KeyChains chains = new KeyChains(bands, band, numbers, places.length);
        Comparer comparer = new Comparer();
        int bounded = 0;
        for (int part = 0; part < chains.parts(); part++) {
            chains.chain(part);
            for (int slot = 0; slot < chains.slots(); slot++) {
                if (chains.isShared(slot)) {
                    int[] members = chains.members(slot);
                    bounded += members.length > NearDuplicates.FULL_BUCKET ? 1 : 0;
                    compare(members, comparer);
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return bounded;
    }

    private void compare(int[] members, Comparer comparer) throws InterruptedException {
        int count = members.length;
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
