package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Semantic duplicates and the map, with the vectors of a model. */
class ModelVectorsTest {
    private static final Path STORIES =
            Data.root().resolve("models/tinystories/stories260K-f32.gguf");

    @TempDir Path folder = Path.of("");

    /** The weights are random, so what the vectors tell apart is which tokens are there. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-mean-tiny-s1", "bert-cls-tiny-s1", "nomic-bert-tiny-s1"})
    void anEmbeddingModelFindsPlantedRows(String name) throws Exception {
        Path packed = Data.shared().resolve("models/arch").resolve(name + ".gguf.gz");
        Assumptions.assumeTrue(Files.exists(packed), "no model at " + packed);
        Path model = Files.write(folder.resolve(name + ".gguf"), Data.read(packed));
        findsPlantedRows(model);
    }

    @Test
    void soDoesTheMeanOfAModelThatWritesStories() throws Exception {
        Assumptions.assumeTrue(Files.exists(STORIES), "no model at " + STORIES);
        findsPlantedRows(STORIES);
    }

    private void findsPlantedRows(Path model) throws Exception {
        SplittableRandom random = new SplittableRandom(6);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add(Curate.row(Curate.text(random, 6), Curate.text(random, 20 + i)));
        }
        // One word of 34 is another: too much for near duplicates, little for a vector.
        String prompt = "Tell me of the dog and the ball.";
        String response =
                "The dog ran to the red ball in the park and took it to the big tree. He was happy,"
                        + " and so was the girl. They went home to eat and to sleep.";
        String other = response.replace("girl", "boy");
        lines.add(Curate.row(prompt, response));
        lines.add(Curate.row(prompt, other));
        // Longer than any of the models reads.
        lines.add(Curate.row("Tell me all", Curate.text(random, 3000)));
        Path data = Files.write(folder.resolve("rows.jsonl"), lines);
        float cutoff = 1.01f * distance(model, prompt + "\n" + response, prompt + "\n" + other);
        assertThat(cutoff).isBetween(1e-5f, 0.1f);
        Recipe recipe = recipe(data, model, cutoff).withMapRows(100);
        Path out = folder.resolve("out");
        CurationReport report = Curate.run(recipe, out, 2);
        List<JsonNode> removed = Curate.lines(out.resolve("removed.jsonl"));
        assertThat(removed)
                .allMatch(r -> r.path("rule").asString().equals("semantic-duplicate"))
                .anyMatch(r -> r.toString().contains("red ball"));
        assertThat(report.kept()).isEqualTo(lines.size() - removed.size()).isGreaterThan(1);
        assertThat(out.resolve("map.html")).exists();
        assertThat(out.resolve("terms.bin")).doesNotExist();
        Path oneThread = folder.resolve("one");
        Curate.run(recipe, oneThread, 1);
        assertThat(Curate.results(oneThread)).isEqualTo(Curate.results(out));
        Path again = folder.resolve("again");
        Recipe second = recipe(out.resolve("train.jsonl"), model, cutoff).withMapRows(0);
        assertThat(Curate.run(second, again, 1).removed()).isZero();
    }

    private static float distance(Path file, String one, String two) throws IOException {
        try (EmbeddingModel model = EmbeddingModel.load(file)) {
            float[] a = model.embed(one);
            float[] b = model.embed(two);
            double product = 0;
            for (int i = 0; i < a.length; i++) {
                product += (double) a[i] * b[i];
            }
            return (float) (1 - product);
        }
    }

    private static Recipe recipe(Path data, Path model, float cutoff) {
        Recipe usual = Recipe.of(List.of(data));
        Recipe.Semantic semantic =
                new Recipe.Semantic(cutoff, Optional.of(model), Optional.empty());
        return usual.withDuplicates(
                new Recipe.Deduplication(true, usual.duplicates().near(), Optional.of(semantic)));
    }

    @Test
    void aFileThatIsNoModelIsToldBeforeAnythingIsRead() throws Exception {
        Path data = Files.write(folder.resolve("rows.jsonl"), List.of(Curate.row("Hello", "You")));
        Path model = Files.writeString(folder.resolve("not.gguf"), "no model at all");
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> Curate.run(recipe(data, model, 0.1f), out, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not.gguf makes no vectors");
        assertThat(out.resolve(".curate/run-000000.bin")).doesNotExist();
    }
}
