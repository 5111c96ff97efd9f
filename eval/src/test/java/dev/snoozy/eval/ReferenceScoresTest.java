package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Scores and accuracies of the shipped model against those of another engine. */
class ReferenceScoresTest {
    /** Half of the last printed digit. */
    private static final double PRINTED = 0.5e-4;

    /** What one token's score in F32 differs by through the order of sums; errors add as noise. */
    private static final double ORDER = 3e-5;

    private static final List<String> FILES =
            List.of(
                    "boolq_dev",
                    "piqa_valid",
                    "hellaswag_val",
                    "winogrande_dev",
                    "arc_easy_test",
                    "arc_challenge_test",
                    "openbookqa_test");

    @TestFactory
    List<DynamicTest> scoresAreThoseOfTheReference() throws IOException {
        Path file = Stories.sets().resolve("reference/stories260K-first60.json.gz");
        JsonNode sets = JsonMapper.builder().build().readTree(Data.read(file)).path("sets");
        List<DynamicTest> tests = new ArrayList<>();
        for (Task task : Task.values()) {
            JsonNode set = sets.path(FILES.get(task.ordinal()));
            assertThat(set.path("n").asInt()).as(task.id()).isPositive();
            tests.add(DynamicTest.dynamicTest(task.id(), () -> agrees(task, set)));
        }
        return tests;
    }

    private static void agrees(Task task, JsonNode reference) throws IOException {
        TaskSet set = Stories.set(task).first(reference.path("n").asInt());
        EvalOptions options = new EvalOptions(Profile.HARNESS_CURRENT, "stories", "", 4, null);
        TaskResult result;
        try (LanguageModel model = Stories.exact()) {
            ModelResult run = new Evaluator(model, options, EvalListener.SILENT).run(List.of(set));
            assertThat(run.begins()).isTrue();
            result = run.tasks().getFirst();
        }
        for (JsonNode expected : reference.path("items")) {
            int index = expected.path("index").asInt();
            ItemResult item =
                    result.items().stream().filter(i -> i.index() == index).findFirst().get();
            assertThat(item.gold()).isEqualTo(expected.path("gold").asInt());
            for (int i = 0; i < item.scores().size(); i++) {
                String name = task.id() + " item " + index + " answer " + i;
                double score = expected.path("scores").path(i).asDouble();
                double noise = ORDER * Math.sqrt(item.tokens().get(i));
                assertThat(item.scores().get(i)).as(name).isCloseTo(score, within(PRINTED + noise));
                assertThat(item.tokens().get(i))
                        .as(name)
                        .isEqualTo(expected.path("tokens").path(i).asInt());
                assertThat(item.greedy().get(i))
                        .as(name)
                        .isEqualTo(expected.path("greedy").path(i).asBoolean());
            }
            assertThat(item.choice()).isEqualTo(expected.path("pred").asInt());
            assertThat(item.normalisedChoice()).isEqualTo(expected.path("pred_norm").asInt());
        }
        assertThat(result.items()).hasSize(reference.path("items").size());
        assertThat(rounded(result.accuracy())).isEqualTo(reference.path("acc").asDouble());
        assertThat(rounded(result.normalisedAccuracy()))
                .isEqualTo(reference.path("acc_norm").asDouble());
    }

    private static double rounded(Share share) {
        return Math.round(share.value() * 1e4) / 1e4;
    }
}
