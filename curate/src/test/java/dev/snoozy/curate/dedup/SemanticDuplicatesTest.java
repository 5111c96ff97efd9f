package dev.snoozy.curate.dedup;

import static dev.snoozy.curate.dedup.SemanticDuplicates.Kind.DELETION_CANDIDATE;
import static dev.snoozy.curate.dedup.SemanticDuplicates.Kind.RETENTION_CANDIDATE;
import static dev.snoozy.curate.dedup.SemanticDuplicates.Kind.SINGLETON;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.curate.vectors.Vectors;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

class SemanticDuplicatesTest {
    private static Vectors angles(double... degrees) {
        Vectors vectors = Vectors.zeros(degrees.length, 2);
        for (int i = 0; i < degrees.length; i++) {
            vectors.values()[2 * i] = (float) Math.cos(Math.toRadians(degrees[i]));
            vectors.values()[2 * i + 1] = (float) Math.sin(Math.toRadians(degrees[i]));
        }
        return vectors;
    }

    @Test
    void rowsAreSingletonsKeptOrDeleted() throws InterruptedException {
        // A distance of 0.1 is an angle of 25.8 degrees.
        SemanticDuplicates found =
                SemanticDuplicates.find(
                        angles(0, 20, 44, 120, 190, 195), new long[] {3, 1, 2, 0, 5, 4}, 0.1f, 2);
        assertThat(IntStream.range(0, 6).mapToObj(found::kind))
                .containsExactly(
                        DELETION_CANDIDATE,
                        RETENTION_CANDIDATE,
                        DELETION_CANDIDATE,
                        SINGLETON,
                        DELETION_CANDIDATE,
                        RETENTION_CANDIDATE);
        assertThat(IntStream.range(0, 6).map(found::kept)).containsExactly(1, 1, 1, 3, 5, 5);
    }

    @Test
    void orderAndThreadsChangeNothingAndASecondSearchFindsNothing() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(8);
        double[] degrees = random.doubles(400, 0, 360).toArray();
        long[] keys =
                IntStream.range(0, 400)
                        .mapToLong(i -> Double.doubleToLongBits(degrees[i]))
                        .toArray();
        double[] kept = kept(degrees, keys, 1);
        double[] turned = new double[400];
        long[] turnedKeys = new long[400];
        for (int i = 0; i < 400; i++) {
            turned[i] = degrees[(i * 7 + 3) % 400];
            turnedKeys[i] = keys[(i * 7 + 3) % 400];
        }
        assertThat(kept(turned, turnedKeys, 3)).containsExactlyInAnyOrder(kept);
        long[] again = IntStream.range(0, kept.length).mapToLong(i -> i).toArray();
        assertThat(kept(kept, again, 2)).isEqualTo(kept);
    }

    private static double[] kept(double[] degrees, long[] keys, int threads)
            throws InterruptedException {
        SemanticDuplicates found = SemanticDuplicates.find(angles(degrees), keys, 0.0001f, threads);
        return IntStream.range(0, degrees.length)
                .filter(row -> found.kept(row) == row)
                .mapToDouble(row -> degrees[row])
                .toArray();
    }

    @Test
    void vectorsWithoutDirectionAreNearNothingAndLongOnesAreRefused() throws InterruptedException {
        Vectors zeros = Vectors.zeros(3, 4);
        assertThat(SemanticDuplicates.find(zeros, new long[3], 0.1f, 1).kind(2))
                .isEqualTo(SINGLETON);
        zeros.values()[4] = 2;
        assertThatThrownBy(() -> SemanticDuplicates.find(zeros, new long[3], 0.1f, 1))
                .hasMessageContaining("row 1")
                .hasMessageContaining("cure");
        assertThatThrownBy(() -> SemanticDuplicates.find(zeros, new long[2], 0.1f, 1))
                .hasMessageContaining("2 keys");
    }
}
