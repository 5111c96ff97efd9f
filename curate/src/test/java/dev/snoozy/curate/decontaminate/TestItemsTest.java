package dev.snoozy.curate.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class TestItemsTest {
    private static final String FOURTEEN =
            "one two three four five six seven eight nine ten a b c d";
    private static final String NINE = "why does the moon not fall down on us";
    private static final String FIVE = "how to make fresh butter";

    private static List<Leak> find(TestItem item, String... row) {
        TestItems items = new TestItems();
        items.add(
                new TestItem("other", 1, List.of("nothing of this is in any row of ours at all")));
        items.add(item);
        return items.find(List.of(row));
    }

    private static TestItem item(String... texts) {
        return new TestItem("t", 7, List.of(texts));
    }

    @Test
    void thirteenWordsInARowAreALeak() {
        assertThat(
                        find(
                                item(FOURTEEN),
                                "It says: Two, THREE four-five six seven? Eight nine ten a b c d!"))
                .containsExactly(new Leak("t", 7, Leak.Kind.FRAGMENT, 2));
        assertThat(find(item(FOURTEEN), "two three four five six seven eight nine ten a b c no"))
                .isEmpty();
    }

    @Test
    void fragmentsAcrossTheTextsOfAnItemAndOfARowAreFound() {
        assertThat(
                        find(
                                item(NINE, "it is tied", "it falls"),
                                "the moon not fall down on us",
                                "it is tied it falls x"))
                .isEmpty();
        assertThat(
                        find(
                                item(NINE, "it is tied", "it falls"),
                                "x does the moon not fall down on us",
                                "it is tied it falls x"))
                .extracting(Leak::kind)
                .containsExactly(Leak.Kind.FRAGMENT);
    }

    @Test
    void aWholeQuestionOfEightWordsIsALeakWhereverItStands() {
        assertThat(find(item(NINE, "x"), "Please tell: why does the moon not fall down on us?"))
                .containsExactly(new Leak("t", 7, Leak.Kind.QUESTION, 2));
    }

    @Test
    void aShorterQuestionIsALeakOnlyByItselfOrWithAllThatBelongsToIt() {
        assertThat(find(item(FIVE, "churn", "buy"), "Tell me how to make fresh butter", "churn it"))
                .isEmpty();
        assertThat(find(item(FIVE, "churn", "buy"), "How to make fresh butter?", "With luck."))
                .extracting(Leak::kind)
                .containsExactly(Leak.Kind.QUESTION);
        assertThat(
                        find(
                                item(FIVE, "churn", "buy"),
                                "Q: how to make fresh butter? A: buy. B: churn."))
                .extracting(Leak::kind)
                .containsExactly(Leak.Kind.ITEM);
    }

    @Test
    void everyItemWithTheSameTextIsNamed() {
        TestItems items = new TestItems();
        for (int i = 0; i < 5; i++) {
            items.add(new TestItem("t", i, List.of("question number " + i, FOURTEEN)));
        }
        assertThat(items.find(List.of(FOURTEEN)))
                .extracting(Leak::index)
                .containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void textsWithoutWordsMatchNothing() {
        assertThat(find(item("?!", "..."), "", "?!", "...")).isEmpty();
        assertThatThrownBy(() -> item()).hasMessageContaining("cure");
    }
}
