package dev.snoozy.curate.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.curate.vectors.Neighbours;
import dev.snoozy.curate.vectors.Vectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class DataMapTest {
    static Vectors vectors(MapRows rows) {
        TermTable.Builder builder = new TermTable.Builder();
        for (int row = 0; row < rows.size(); row++) {
            builder.add(rows.prompt(row) + "\n" + rows.response(row));
        }
        TextVectors texts = new TextVectors(builder.build());
        Vectors vectors = Vectors.zeros(rows.size(), TextVectors.WIDTH);
        for (int row = 0; row < rows.size(); row++) {
            float[] vector = texts.vector(rows.prompt(row) + "\n" + rows.response(row));
            System.arraycopy(vector, 0, vectors.values(), row * vectors.width(), vector.length);
        }
        return vectors;
    }

    static DataMap map(MapRows rows, int threads) throws InterruptedException {
        return DataMap.of(rows, vectors(rows), threads, step -> {});
    }

    @Test
    void rowsOfOneSubjectLieTogether() throws InterruptedException {
        SyntheticRows rows = new SyntheticRows(1500, 30);
        DataMap map = map(rows, 2);
        Neighbours near = Neighbours.nearest(map.places(), 10, 2);
        long same =
                IntStream.range(0, near.rows().length)
                        .filter(i ->
                                SyntheticRows.subject(i / 10)
                                        == SyntheticRows.subject(near.rows()[i]))
                        .count();
        assertThat(same / (double) near.rows().length).isGreaterThan(0.95);
    }

    @Test
    void topicsAreNamedByTheirWords() throws InterruptedException {
        Topics topics = map(new SyntheticRows(1500, 30), 2).topics();
        List<String> subjects =
                Arrays.stream(SyntheticRows.SUBJECTS).flatMap(Arrays::stream).toList();
        assertThat(topics.all()).extracting(Topic::level).contains(0, 1, 2);
        for (Topic topic : topics.all()) {
            assertThat(subjects).containsAll(List.of(topic.label().split(" · ")));
            if (topic.level() > 0) {
                assertThat(topics.all().get(topic.parent()).level()).isEqualTo(topic.level() - 1);
            }
        }
        for (int level = 0; level < Topics.LEVELS; level++) {
            int here = level;
            assertThat(
                            topics.all().stream()
                                    .filter(t -> t.level() == here)
                                    .mapToInt(Topic::size)
                                    .sum())
                    .isEqualTo(1500);
        }
    }

    @Test
    void theNumberOfThreadsChangesNoBit() throws InterruptedException {
        SyntheticRows rows = new SyntheticRows(700, 12);
        DataMap one = map(rows, 1);
        DataMap three = map(rows, 3);
        assertThat(three.places().values()).isEqualTo(one.places().values());
        assertThat(three.topics().finest()).isEqualTo(one.topics().finest());
        assertThat(three.topics().all()).isEqualTo(one.topics().all());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 41})
    void fewRowsAreAMapToo(int size) throws InterruptedException {
        DataMap map = map(new SyntheticRows(size, 5), 2);
        assertThat(map.places().rows()).isEqualTo(size);
        for (float value : map.places().values()) {
            assertThat(value).isFinite();
        }
        assertThat(map.topics().finest()).hasSize(size);
    }

    @Test
    void equalRowsAndEmptyOnesAreAMapToo() throws InterruptedException {
        Vectors same = Vectors.zeros(100, 8);
        DataMap map = DataMap.of(new SyntheticRows(100, 4), same, 2, step -> {});
        for (float value : map.places().values()) {
            assertThat(value).isFinite();
        }
        same.values()[9] = Float.POSITIVE_INFINITY;
        assertThatThrownBy(() -> DataMap.of(new SyntheticRows(100, 4), same, 2, step -> {}))
                .hasMessageContaining("row 1");
        assertThatThrownBy(() -> DataMap.of(new SyntheticRows(99, 4), same, 2, step -> {}))
                .hasMessageContaining("99 rows");
    }

    @Test
    void principalComponentsAreTheDirectionsOfMostDifference() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(4);
        Vectors vectors = Vectors.zeros(3000, 6);
        double[] scales = {0.1, 5, 0.2, 2, 0.3, 1};
        for (int i = 0; i < vectors.values().length; i++) {
            vectors.values()[i] = (float) (7 + scales[i % 6] * random.nextGaussian());
        }
        Vectors projected = Pca.project(vectors, 3, 2);
        List<Double> deviations = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            double sum = 0;
            for (int row = 0; row < projected.rows(); row++) {
                sum += projected.get(row, c) * (double) projected.get(row, c);
            }
            deviations.add(Math.sqrt(sum / projected.rows()));
        }
        assertThat(deviations.get(0)).isCloseTo(5, within(0.25));
        assertThat(deviations.get(1)).isCloseTo(2, within(0.1));
        assertThat(deviations.get(2)).isCloseTo(1, within(0.05));
        // The sign is fixed: the second number of a row weighs most in the first component.
        for (int row = 0; row < 100; row++) {
            assertThat(projected.get(row, 0)).isCloseTo(vectors.get(row, 1) - 7, within(0.5f));
        }
    }
}
