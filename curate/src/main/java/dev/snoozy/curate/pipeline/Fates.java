package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.Duplicates;
import dev.snoozy.curate.dedup.SemanticDuplicates;

import java.util.List;

/** What the search for duplicates says of each row that was searched, by its number. */
final class Fates {
    /** What becomes of a row. */
    enum Kind {
        UNIQUE(""),
        KEPT(""),
        EXACT("exact-duplicate"),
        NEAR("near-duplicate"),
        SEMANTIC("semantic-duplicate");

        final String rule;

        Kind(String rule) {
            this.rule = rule;
        }

        boolean isRemoved() {
            return !rule.isEmpty();
        }
    }

    static final List<String> RULES = List.of(Kind.EXACT.rule, Kind.NEAR.rule, Kind.SEMANTIC.rule);

    private final int[] kept;
    private final byte[] kinds;

    Fates(int rows) {
        kept = new int[rows];
        kinds = new byte[rows];
        for (int i = 0; i < rows; i++) {
            kept[i] = i;
        }
    }

    int size() {
        return kept.length;
    }

    Kind kind(int row) {
        return Kind.values()[kinds[row]];
    }

    /** The row that is kept instead: itself, if it is kept. */
    int kept(int row) {
        return kept[row];
    }

    void set(int row, int keeper, Kind kind) {
        kept[row] = keeper;
        kinds[row] = (byte) kind.ordinal();
        if (kinds[keeper] == Kind.UNIQUE.ordinal()) {
            kinds[keeper] = (byte) Kind.KEPT.ordinal();
        }
    }

    void take(Duplicates found) {
        for (int row = 0; row < kept.length; row++) {
            switch (found.kind(row)) {
                case KEPT -> {}
                case EXACT -> set(row, found.kept(row), Kind.EXACT);
                case NEAR -> set(row, found.kept(row), Kind.NEAR);
            }
        }
    }

    /**
     * Takes what was found among the rows that are kept so far.
     *
     * @param rows their numbers
     */
    void take(SemanticDuplicates found, int[] rows) {
        for (int i = 0; i < rows.length; i++) {
            if (found.kind(i) == SemanticDuplicates.Kind.DELETION_CANDIDATE) {
                set(rows[i], rows[found.kept(i)], Kind.SEMANTIC);
            }
        }
        for (int row = 0; row < kept.length; row++) {
            kept[row] = kept[kept[row]]; // the keeper of a group may have found another keeper
        }
    }
}
