package dev.snoozy.compress.convert.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.compress.convert.ConvertException;
import dev.snoozy.compress.convert.family.RowOrder.Part;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

/** The rows of checkpoints that become those of GGUF, worked out by hand. */
class RowOrderTest {
    private static long[] sources(RowOrder order, long all) {
        return LongStream.range(0, order.count(all)).map(row -> order.source(row, all)).toArray();
    }

    /** Two heads of four rows: the first of each half, then the second. */
    @Test
    void halvesBecomePairs() {
        assertThat(sources(RowOrder.pairs(2), 8)).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
    }

    /** Two groups of q0 q0 q1 q1 k k v v, heads of two rows: 16 rows. */
    @Test
    void groupsComeApart() {
        assertThat(sources(RowOrder.grouped(2, 2, Part.QUERIES), 16))
                .containsExactly(0, 1, 2, 3, 8, 9, 10, 11);
        assertThat(sources(RowOrder.grouped(2, 2, Part.KEYS), 16)).containsExactly(4, 5, 12, 13);
        assertThat(sources(RowOrder.grouped(2, 2, Part.VALUES), 16)).containsExactly(6, 7, 14, 15);
        assertThat(sources(RowOrder.ungrouped(2, 2), 16))
                .containsExactly(0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    }

    /** Three heads of q k v, one row each, as in BLOOM. */
    @Test
    void headsOfTheirOwnComeApart() {
        assertThat(sources(RowOrder.ungrouped(3, 1), 9)).containsExactly(0, 3, 6, 1, 4, 7, 2, 5, 8);
    }

    /** One head of keys for all queries is in order already, as in Falcon 7B and StarCoder. */
    @Test
    void oneGroupIsInOrder() {
        assertThat(sources(RowOrder.ungrouped(1, 4), 12))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    /** Queries of two groups with one head of four rows each, then in pairs, as in InternLM 2. */
    @Test
    void oneOrderFollowsAnother() {
        RowOrder queries = RowOrder.grouped(2, 1, Part.QUERIES).then(RowOrder.pairs(2));
        assertThat(sources(queries, 24)).containsExactly(0, 2, 1, 3, 12, 14, 13, 15);
    }

    /** Keys that lie behind eight rows of queries, one head of four rows, as in Baichuan. */
    @Test
    void aPartHasAnOrderOfItsOwn() {
        assertThat(sources(RowOrder.part(8, 4, RowOrder.pairs(1)), 16))
                .containsExactly(8, 10, 9, 11);
    }

    @Test
    void rowsThatDoNotBelongToTheHeadsAreRefused() {
        assertThatThrownBy(() -> RowOrder.pairs(3).count(8))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("3 heads");
        assertThatThrownBy(() -> RowOrder.grouped(2, 2, Part.KEYS).count(9))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("2 groups");
        assertThatThrownBy(() -> RowOrder.part(8, 4, RowOrder.ALL).count(9))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("at least 12 rows");
    }
}
