package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model whose layers in part remember a state, which cannot go back. */
class RecurrentModelTest {
    private static final int[] PROMPT = new Random(3).ints(150, 3, 290).toArray();
    private static final int END = 2;

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = LanguageModel.of(GgufFile.of(TinyModel.lfm2().bytes()), LoadOptions.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationOptions greedy(int tokens) {
        SamplingOptions endless =
                SamplingOptions.greedy().toBuilder().logitBias(Map.of(END, -1e4f)).build();
        return GenerationOptions.defaults().withMaxTokens(tokens).withSampling(endless);
    }

    private static Generation run(int[] prompt, GenerationOptions options) {
        try (TextStream stream = model.stream(prompt, options)) {
            return stream.result();
        }
    }

    private static int[] joined(int[] prompt, List<Integer> tokens, int... more) {
        List<Integer> all = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        all.addAll(tokens);
        Arrays.stream(more).forEach(all::add);
        return all.stream().mapToInt(i -> i).toArray();
    }

    @Test
    void aTextThatOutgrowsTheContextGoesOnAsIfItsMiddleHadNeverBeen() {
        int context = model.contextLength();
        int keep = 5;
        Generation whole = run(PROMPT, greedy(context).withShift(keep));
        assertThat(whole.shifted()).isTrue();
        assertThat(whole.tokens()).hasSize(context);
        int before = context - PROMPT.length;
        int[] full = joined(PROMPT, whole.tokens().subList(0, before));
        int drop = (context - keep + 1) / 2;
        int[] left = new int[context - drop];
        System.arraycopy(full, 0, left, 0, keep);
        System.arraycopy(full, keep + drop, left, keep, left.length - keep);
        int more = context - left.length - 1;
        assertThat(run(left, greedy(more)).tokens())
                .isEqualTo(whole.tokens().subList(before, before + more));
    }

    @Test
    void theNextTurnGoesOnFromTheStateAtTheEndOfTheLast() {
        int[] prompt = {1, 280, 281, 282};
        Generation first = run(prompt, greedy(30));
        int[] next = joined(prompt, first.tokens(), 283, 284);
        Generation second = run(next, greedy(20));
        assertThat(second.usage().cachedTokens()).isEqualTo(prompt.length + 29);

        LoadOptions forgetful = LoadOptions.defaults().withPrefixMemory(0);
        try (LanguageModel other =
                        LanguageModel.of(GgufFile.of(TinyModel.lfm2().bytes()), forgetful);
                TextStream stream = other.stream(next, greedy(20))) {
            Generation anew = stream.result();
            assertThat(anew.usage().cachedTokens()).isZero();
            assertThat(second.tokens()).isEqualTo(anew.tokens());
        }
    }
}
