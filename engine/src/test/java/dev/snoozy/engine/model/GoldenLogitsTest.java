package dev.snoozy.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.engine.run.Evaluator;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every known architecture against the logits of an outside engine, and against itself. */
class GoldenLogitsTest {
    private static final int LARGEST_BATCH = 17;

    @TestFactory
    Stream<DynamicTest> logitsAgreeWithTheReference() throws IOException {
        assumeTrue(Files.isDirectory(Goldens.FOLDER), "no reference data in " + Goldens.FOLDER);
        return Goldens.known().stream()
                .map(g -> DynamicTest.dynamicTest(g.name(), () -> agreesWithTheReference(g)));
    }

    private static void agreesWithTheReference(Goldens golden) {
        try (Goldens.Loaded model = golden.load(2)) {
            float[] found = all(model, golden).getLast();
            float[] expected = golden.logits();
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(found[i] - expected[i]));
            }
            assertThat(largest).isLessThan(golden.number("tolerance_abs"));
        }
    }

    @TestFactory
    Stream<DynamicTest> logitsAreTheSameBitsInBatchesOfAnySize() throws IOException {
        assumeTrue(Files.isDirectory(Goldens.FOLDER), "no reference data in " + Goldens.FOLDER);
        return Goldens.all().stream()
                .map(g -> DynamicTest.dynamicTest(g.name(), () -> sameInAnyBatch(g)));
    }

    private static void sameInAnyBatch(Goldens golden) {
        try (Goldens.Loaded model = golden.load(2)) {
            float[][] expected = all(model, golden).toArray(float[][]::new);
            for (int size = 1; size <= LARGEST_BATCH; size++) {
                float[][] found = inBatches(model, golden, size);
                assertThat(found).as("batches of %d", size).isDeepEqualTo(expected);
            }
        }
    }

    private static float[][] inBatches(Goldens.Loaded model, Goldens golden, int size) {
        int[] tokens = golden.tokens();
        List<float[]> rows = new ArrayList<>();
        try (Evaluator evaluator = new Evaluator(model.scheduler(), golden.contextLength())) {
            for (int from = 0; from < tokens.length; from += size) {
                int to = Math.min(tokens.length, from + size);
                rows.addAll(evaluator.append(Arrays.copyOfRange(tokens, from, to), true));
            }
        }
        return rows.toArray(float[][]::new);
    }

    @TestFactory
    Stream<DynamicTest> logitsAreTheSameBitsOnAnyNumberOfThreads() throws IOException {
        assumeTrue(Files.isDirectory(Goldens.FOLDER), "no reference data in " + Goldens.FOLDER);
        return Goldens.all().stream()
                .map(g -> DynamicTest.dynamicTest(g.name(), () -> sameOnAnyTeam(g)));
    }

    private static void sameOnAnyTeam(Goldens golden) {
        float[][][] found = new float[3][][];
        for (int threads = 1; threads <= 3; threads++) {
            try (Goldens.Loaded model = golden.load(threads)) {
                found[threads - 1] = all(model, golden).toArray(float[][]::new);
            }
        }
        assertThat(found[1]).isDeepEqualTo(found[0]);
        assertThat(found[2]).isDeepEqualTo(found[0]);
    }

    private static List<float[]> all(Goldens.Loaded model, Goldens golden) {
        try (Evaluator evaluator = new Evaluator(model.scheduler(), golden.contextLength())) {
            return evaluator.append(golden.tokens(), true);
        }
    }
}
