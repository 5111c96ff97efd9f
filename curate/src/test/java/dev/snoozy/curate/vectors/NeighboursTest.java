package dev.snoozy.curate.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Comparator;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;

class NeighboursTest {
    static Vectors random(int rows, int width, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Vectors vectors = Vectors.zeros(rows, width);
        for (int i = 0; i < vectors.values().length; i++) {
            vectors.values()[i] = (float) random.nextGaussian();
        }
        return vectors;
    }

    private static double distance(Vectors vectors, int a, int b) {
        double sum = 0;
        for (int i = 0; i < vectors.width(); i++) {
            double difference = vectors.get(a, i) - (double) vectors.get(b, i);
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 5", "2, 3, 5", "130, 7, 15", "500, 50, 15", "300, 1, 4", "128, 8, 127"})
    void neighboursAreThoseOfComparingInDoublePrecision(int rows, int width, int k)
            throws InterruptedException {
        Vectors vectors = random(rows, width, rows);
        Neighbours found = Neighbours.nearest(vectors, k, 2);
        assertThat(found.k()).isEqualTo(Math.min(k, rows - 1));
        for (int row = 0; row < rows; row++) {
            int self = row;
            int[] expected =
                    IntStream.range(0, rows)
                            .filter(i -> i != self)
                            .boxed()
                            .sorted(Comparator.comparingDouble(i -> distance(vectors, self, i)))
                            .mapToInt(i -> i)
                            .toArray();
            for (int i = 0; i < found.k(); i++) {
                // Nearly equal distances may change places.
                double judge = distance(vectors, row, expected[i]);
                int at = row * found.k() + i;
                assertThat((double) found.distances()[at]).isCloseTo(judge, within(2e-3));
                assertThat(distance(vectors, row, found.rows()[at])).isCloseTo(judge, within(2e-3));
            }
        }
    }

    @Test
    void theNumberOfThreadsChangesNothing() throws InterruptedException {
        Vectors vectors = random(5000, 20, 1);
        Neighbours one = Neighbours.nearest(vectors, 15, 1);
        Neighbours three = Neighbours.nearest(vectors, 15, 3);
        assertThat(three.rows()).isEqualTo(one.rows());
        assertThat(three.distances()).isEqualTo(one.distances());
    }

    @Test
    void everyPairThatIsNearIsFoundOnce() throws InterruptedException {
        Vectors vectors = random(700, 6, 2);
        vectors.normalise();
        Set<String> expected = new ConcurrentSkipListSet<>();
        for (int a = 0; a < vectors.rows(); a++) {
            for (int b = 0; b < a; b++) {
                double distance = distance(vectors, a, b);
                if (1 - distance * distance / 2 >= 0.9) {
                    expected.add(a + " " + b);
                }
            }
        }
        Set<String> found = new ConcurrentSkipListSet<>();
        Neighbours.pairs(
                vectors,
                0.9f,
                2,
                row -> row,
                (a, b) -> assertThat(found.add(a + " " + b)).isTrue());
        assertThat(found).isEqualTo(expected).isNotEmpty();
    }

    @Test
    void anInterruptedThreadStopsSearching() {
        Vectors vectors = random(3000, 8, 3);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Neighbours.nearest(vectors, 3, 1))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        Vectors vectors = random(3, 2, 3);
        vectors.values()[3] = Float.NaN;
        assertThatThrownBy(vectors::requireFinite).hasMessageContaining("row 1, column 1");
        assertThatThrownBy(() -> new Vectors(new float[5], 2)).hasMessageContaining("5");
    }
}
