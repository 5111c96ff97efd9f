package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What texts begin with in common is evaluated once, and nothing of the scores changes. */
class SharedPrefixTest {
    private static LanguageModel model;

    @BeforeAll
    static void load() throws IOException {
        model = Stories.exact();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void scoresAreThoseOfEachTextAloneBitForBit(Profile profile) throws IOException {
        Encoder encoder = new Encoder(model.tokenizer(), profile);
        for (Task task : Task.values()) {
            for (Question question : Stories.set(task).first(6).questions()) {
                List<Continuation> texts =
                        encoder.encode(task, Prompts.of(task, question, profile));
                int most = model.contextLength();
                PrefixScorer together = new PrefixScorer(model, most);
                List<Score> scores = together.score(texts);
                PrefixScorer alone = new PrefixScorer(model, most);
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(alone.score(List.of(texts.get(i))))
                            .as("%s item %d answer %d", task.id(), question.index(), i)
                            .containsExactly(scores.get(i));
                }
                int naive = texts.stream().mapToInt(text -> text.read(most)).sum();
                assertThat(alone.evaluated()).isEqualTo(naive);
                assertThat(together.evaluated()).isLessThanOrEqualTo(naive);
            }
        }
    }

    @Test
    void atMostElevenTwentiethsOfTheTokensAreEvaluated() throws IOException {
        EvalOptions options = new EvalOptions(Profile.HARNESS_CURRENT, "stories", "", 4, null);
        List<TaskSet> sets = new ArrayList<>();
        for (Task task : Task.values()) {
            sets.add(Stories.set(task).first(60));
        }
        ModelResult result = new Evaluator(model, options, EvalListener.SILENT).run(sets);
        long naive = result.tasks().stream().mapToLong(TaskResult::naiveTokens).sum();
        long evaluated = result.tasks().stream().mapToLong(TaskResult::evaluatedTokens).sum();
        assertThat((double) evaluated / naive).isLessThanOrEqualTo(0.55);
        assertThat(result.tasks().stream().mapToLong(TaskResult::truncated).sum()).isPositive();
    }

    @Test
    void howManyItemsAreInWorkChangesNothing() throws IOException {
        TaskSet set = Stories.set(Task.WINOGRANDE).first(20);
        List<ItemResult> one = items(set, 1);
        assertThat(items(set, 7)).isEqualTo(one);
    }

    private static List<ItemResult> items(TaskSet set, int parallel) throws IOException {
        EvalOptions options = new EvalOptions(Profile.GPT4ALL_2023, "stories", "", parallel, null);
        Evaluator evaluator = new Evaluator(model, options, EvalListener.SILENT);
        return evaluator.run(List.of(set)).tasks().getFirst().items();
    }
}
