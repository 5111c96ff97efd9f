package dev.snoozy.curate.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class NearDuplicatesTest {
    private static final String LONG =
            "In the beginning there was a small house at the edge of the wood, and nobody had lived"
                    + " in it for as long as anybody could remember, until one morning";

    @TempDir private Path folder;

    private record Row(String prompt, String response) {}

    private Duplicates find(DuplicateRule rule, int threads, List<Row> rows)
            throws InterruptedException {
        Sketcher sketcher = new Sketcher(EnumSet.allOf(Field.class));
        try (NearDuplicates near =
                new NearDuplicates(EnumSet.allOf(Field.class), folder, 1 << 20)) {
            for (Row row : rows) {
                near.add(0, sketcher.sketch(row.prompt, row.response));
            }
            return near.find(rule, threads);
        }
    }

    private Duplicates find(Row... rows) throws InterruptedException {
        return find(DuplicateRule.DEFAULT, 2, List.of(rows));
    }

    @Test
    void plantedCopiesAreFoundAndNothingElse() throws InterruptedException {
        int planted = 20_000;
        SyntheticTexts texts = new SyntheticTexts(1);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < planted; i++) {
            rows.add(new Row("", texts.text(i, 200)));
            rows.add(new Row("", texts.changed(i, 200, 3)));
        }
        Duplicates found = find(DuplicateRule.DEFAULT, 2, rows);
        int wrong = 0;
        for (int row = 0; row < rows.size(); row++) {
            wrong += found.kept(row) / 2 == row / 2 ? 0 : 1;
        }
        assertThat(found.near()).isGreaterThanOrEqualTo((int) (planted * 0.985));
        assertThat(found.exact()).isZero();
        assertThat(wrong).isLessThan(planted / 1000);
    }

    @Test
    void theSamePromptWithAnotherAnswerIsNoDuplicate() throws InterruptedException {
        assertThat(find(new Row(LONG + LONG, "Yes."), new Row(LONG + LONG, "No.")).near()).isZero();
        assertThat(find(new Row("What is 3 + 4?", "7"), new Row("What is 3 - 4?", "-1")).near())
                .isZero();
    }

    @Test
    void theSameAnswerToAnotherQuestionIsNoDuplicate() throws InterruptedException {
        Duplicates found =
                find(
                        new Row("Name the capital of France, please", LONG + LONG + LONG),
                        new Row("Name the capital of Spain, please", LONG + LONG + LONG));
        assertThat(found.near()).isZero();
    }

    @Test
    void aRuleMayLookAtOnePartOnly() throws InterruptedException {
        List<Row> rows = List.of(new Row(LONG, "Yes."), new Row(LONG, "No."));
        assertThat(find(DuplicateRule.only(Field.PROMPT, 0.8), 1, rows).near()).isEqualTo(1);
        assertThat(find(DuplicateRule.only(Field.RESPONSE, 0.8), 1, rows).near()).isZero();
    }

    @Test
    void shortTextsAreDuplicatesOnlyIfAllTheirWordsAreTheSame() throws InterruptedException {
        Duplicates found =
                find(
                        new Row("Say hi", "Hi there"),
                        new Row("say hi!", "Hi, there."),
                        new Row("Say hi", "Hi you"));
        assertThat(found.near()).isEqualTo(1);
        assertThat(found.kept(0)).isEqualTo(1); // longer by its punctuation
        assertThat(found.kind(2)).isEqualTo(Duplicates.Kind.KEPT);
    }

    @Test
    void rowsWithTheSameNormalisedTextsAreExactDuplicatesAndTheLongestIsKept()
            throws InterruptedException {
        Duplicates found =
                find(
                        new Row("Say  HI", "hi"),
                        new Row("Say   HI ", "hi\n"),
                        new Row("", "say hi hi"),
                        new Row("say hi", "hi"));
        assertThat(found.exact()).isEqualTo(2);
        assertThat(found.kept(0)).isEqualTo(1);
        assertThat(found.kept(3)).isEqualTo(1);
        assertThat(found.groups()).isEqualTo(new int[][] {{1, 0, 3}});
    }

    @Test
    void textsWithoutWordsAreRowsLikeOthers() throws InterruptedException {
        Duplicates found = find(new Row("", ""), new Row("", " "), new Row("", LONG));
        assertThat(found.exact()).isEqualTo(1);
        assertThat(found.near()).isZero();
        assertThat(find().size()).isZero();
    }

    /** Texts of which each is like the next: chains, so that order and threads could matter. */
    private static List<Row> chains() {
        SyntheticTexts texts = new SyntheticTexts(5);
        List<Row> rows = new ArrayList<>();
        for (int chain = 0; chain < 60; chain++) {
            String[] words = texts.words(chain, 80);
            for (int link = 0; link < 12; link++) {
                words[(link * 7) % 80] = "link" + link;
                rows.add(new Row("Prompt " + chain, String.join(" ", words)));
            }
            rows.add(new Row("Prompt " + chain, String.join(" ", words).toUpperCase(Locale.ROOT)));
        }
        return rows;
    }

    private Set<Row> kept(List<Row> rows, int threads) throws InterruptedException {
        Duplicates found = find(DuplicateRule.DEFAULT, threads, rows);
        Set<Row> kept = new HashSet<>();
        for (int row = 0; row < rows.size(); row++) {
            if (found.kind(row) == Duplicates.Kind.KEPT) {
                kept.add(rows.get(row));
            }
        }
        return kept;
    }

    @Test
    void whatIsKeptDependsNeitherOnOrderNorOnThreads() throws InterruptedException {
        List<Row> rows = chains();
        Set<Row> expected = kept(rows, 1);
        assertThat(expected).hasSizeBetween(60, 400);
        for (int round = 0; round < 6; round++) {
            Collections.shuffle(rows, new Random(round));
            assertThat(kept(rows, 1 + round % 4)).isEqualTo(expected);
        }
    }

    @Test
    void aSecondSearchAmongTheKeptRowsFindsNothing() throws InterruptedException {
        List<Row> kept = new ArrayList<>(kept(chains(), 2));
        Duplicates again = find(DuplicateRule.DEFAULT, 2, kept);
        assertThat(again.near() + again.exact()).isZero();
    }

    @Test
    void groupsAreThoseOfComparingAllPairs() throws InterruptedException {
        List<Row> rows = chains().subList(0, 13 * 20);
        Sketcher sketcher = new Sketcher(EnumSet.allOf(Field.class));
        List<Sketch> sketches =
                rows.stream().map(r -> sketcher.sketch(r.prompt, r.response)).toList();
        UnionFind groups = new UnionFind(rows.size());
        for (int a = 0; a < rows.size(); a++) {
            for (int b = 0; b < a; b++) {
                // Certain candidates only: below 0.92 the signatures may miss a pair.
                if (sketches.get(a).similarity(sketches.get(b), Field.BOTH) >= 0.92
                        && rows.get(a).prompt.equals(rows.get(b).prompt)) {
                    groups.union(a, b);
                }
            }
        }
        Duplicates found = find(new DuplicateRule(0.92, 0.92, 0.92), 2, rows);
        for (int a = 0; a < rows.size(); a++) {
            for (int b = 0; b < a; b++) {
                if (found.kept(a) == found.kept(b)) {
                    assertThat(groups.find(a)).isEqualTo(groups.find(b));
                }
            }
        }
    }

    @Test
    void similarityIsTheJaccardIndexOfFiveGrams() {
        Sketcher sketcher = new Sketcher(EnumSet.noneOf(Field.class));
        SyntheticTexts texts = new SyntheticTexts(9);
        for (int i = 0; i < 50; i++) {
            String a = texts.text(i, 40 + i);
            String b = texts.changed(i, 40 + i, i % 6) + (i % 3 == 0 ? " " + a : "");
            assertThat(sketcher.sketch("", a).similarity(sketcher.sketch("", b), Field.RESPONSE))
                    .isCloseTo(judge(a, b), within(1e-12));
        }
    }

    private static double judge(String a, String b) {
        Set<List<String>> one = grams(a);
        Set<List<String>> two = grams(b);
        Set<List<String>> common = new HashSet<>(one);
        common.retainAll(two);
        return (double) common.size() / (one.size() + two.size() - common.size());
    }

    private static Set<List<String>> grams(String text) {
        List<String> words = Normaliser.words(text);
        Set<List<String>> grams = new HashSet<>();
        for (int i = 0; i + 5 <= words.size(); i++) {
            grams.add(words.subList(i, i + 5));
        }
        return grams;
    }

    @Test
    void aCrowdInOneBandIsBoundedAndSaysSo() throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        SyntheticTexts texts = new SyntheticTexts(2);
        String same = texts.text(0, 150);
        for (int i = 0; i < 3000; i++) {
            rows.add(new Row("", same + " " + texts.text(1 + i % 9, 4) + i));
        }
        Duplicates found = find(DuplicateRule.DEFAULT, 2, rows);
        assertThat(found.boundedBands()).isPositive();
        assertThat(found.near()).isEqualTo(2999);
    }

    @Test
    void wordsGoToAFileThatIsGoneAfterwards() throws Exception {
        SyntheticTexts texts = new SyntheticTexts(4);
        Sketcher sketcher = Sketcher.of(DuplicateRule.DEFAULT);
        try (NearDuplicates near = new NearDuplicates(EnumSet.of(Field.BOTH), folder, 0)) {
            for (int i = 0; i < 12_000; i++) {
                near.add(i, sketcher.sketch("", texts.text(i % 6000, 200)));
            }
            assertThat(files()).isEqualTo(1);
            assertThat(near.find(DuplicateRule.DEFAULT, 2).exact()).isEqualTo(6000);
            near.add(1, sketcher.sketch("", texts.changed(3, 200, 1)));
            assertThat(near.find(DuplicateRule.DEFAULT, 2).kind(12_000))
                    .isEqualTo(Duplicates.Kind.KEPT); // it is longer
            assertThat(near.similarity(0, 6000, Field.BOTH)).isEqualTo(1);
            assertThat(near.similarity(5999, 11_999, Field.BOTH)).isEqualTo(1);
            assertThat(near.similarity(3, 12_000, Field.BOTH)).isBetween(0.94, 0.98);
        }
        assertThat(files()).isZero();
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void rowsOfTheSameContentAreToldApartByTheirKeys() throws InterruptedException {
        Sketcher sketcher = Sketcher.of(DuplicateRule.DEFAULT);
        Set<Long> kept = new TreeSet<>();
        for (long[] keys : new long[][] {{5, 2, 9}, {2, 9, 5}, {9, 5, 2}}) {
            try (NearDuplicates near = new NearDuplicates(EnumSet.of(Field.BOTH), folder, 0)) {
                for (long key : keys) {
                    near.add(key, sketcher.sketch("p", "r"));
                }
                kept.add(keys[near.find(DuplicateRule.DEFAULT, 1).kept(0)]);
            }
        }
        assertThat(kept).containsExactly(2L);
    }

    @Test
    void whatARuleNeedsMustBeThere() {
        try (NearDuplicates near = new NearDuplicates(EnumSet.of(Field.BOTH), folder, 0)) {
            assertThatThrownBy(() -> near.find(DuplicateRule.only(Field.PROMPT, 0.8), 1))
                    .hasMessageContaining("cure");
        }
        assertThatThrownBy(() -> new DuplicateRule(0, 0, 0)).hasMessageContaining("cure");
        assertThatThrownBy(() -> new DuplicateRule(1.1, 0, 0)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> new DuplicateRule(Double.NaN, 0, 1)).hasMessageContaining("NaN");
    }
}
