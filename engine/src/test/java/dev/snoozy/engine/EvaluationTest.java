package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class EvaluationTest {
    private static final int[] TOKENS = new Random(1).ints(200, 3, TinyModel.VOCABULARY).toArray();

    @Test
    void goingBackAndOnAgainGivesTheSameScores() {
        try (LanguageModel model = Models.load(TinyModel.llama());
                Evaluation text = model.evaluation()) {
            List<float[]> whole = text.append(TOKENS, true);
            for (int length : new int[] {199, 128, 65, 64, 63, 1, 0}) {
                text.truncate(length);
                assertThat(text.position()).isEqualTo(length);
                int[] rest = Arrays.copyOfRange(TOKENS, length, TOKENS.length);
                assertThat(text.append(rest, true))
                        .usingRecursiveComparison()
                        .isEqualTo(whole.subList(length, whole.size()));
            }
        }
    }

    @Test
    void aForkGoesItsOwnWay() {
        for (TinyModel tiny : List.of(TinyModel.llama(), TinyModel.gemma3())) {
            try (LanguageModel model = Models.load(tiny);
                    Evaluation text = model.evaluation()) {
                text.append(Arrays.copyOf(TOKENS, 100), false);
                try (Evaluation fork = text.fork();
                        Evaluation anew = model.evaluation()) {
                    float[] other = fork.append(new int[] {5, 6, 7}, false).getFirst();
                    int[] rest = Arrays.copyOfRange(TOKENS, 100, 200);
                    float[] found = text.append(rest, false).getFirst();
                    assertThat(found).isEqualTo(anew.append(TOKENS, false).getFirst());
                    assertThat(other).isNotEqualTo(found);
                }
            }
        }
    }

    @Test
    void textsThatGoOnTogetherGetTheScoresTheyGetAlone() throws Exception {
        try (LanguageModel model = Models.load(TinyModel.llama());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<float[]> alone = tokenByToken(model);
            List<Future<List<float[]>>> together = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                together.add(callers.submit(() -> tokenByToken(model)));
            }
            for (Future<List<float[]>> scores : together) {
                assertThat(scores.get()).usingRecursiveComparison().isEqualTo(alone);
            }
        }
    }

    private static List<float[]> tokenByToken(LanguageModel model) {
        List<float[]> scores = new ArrayList<>();
        try (Evaluation text = model.evaluation()) {
            for (int token : TOKENS) {
                scores.addAll(text.append(new int[] {token}, false));
                assertThat(text.position()).isEqualTo(scores.size());
            }
        }
        return scores;
    }

    @Test
    void aWindowThatIsLostIsNotGoneBackTo() {
        try (LanguageModel model =
                        Models.load(TinyModel.gemma3().with("gemma3.context_length", 4096));
                Evaluation text = model.evaluation()) {
            for (int i = 0; i < 6; i++) {
                text.append(TOKENS, false);
            }
            assertThatThrownBy(() -> text.truncate(10))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("window of 16");
            assertThat(text.position()).isEqualTo(1200);
        }
    }

    @Test
    void aWindowLargerThanAnyTextIsNone() {
        String key = "gemma3.attention.sliding_window";
        float[] expected = null;
        for (int window : new int[] {201, 1 << 20, (1 << 20) + 1, Integer.MAX_VALUE}) {
            try (LanguageModel model = Models.load(TinyModel.gemma3().with(key, window));
                    Evaluation text = model.evaluation()) {
                float[] found = text.append(TOKENS, false).getFirst();
                assertThat(found).isEqualTo(expected == null ? found : expected);
                expected = found;
            }
        }
    }

    @Test
    void tokensBeyondTheContextAreRefusedAndChangeNothing() {
        try (LanguageModel model = Models.load(TinyModel.llama());
                Evaluation text = model.evaluation()) {
            text.append(TOKENS, false);
            assertThatThrownBy(() -> text.append(TOKENS, false))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("200 tokens after 200")
                    .hasMessageContaining("256");
            assertThat(text.position()).isEqualTo(200);
        }
    }
}
