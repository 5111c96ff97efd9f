package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who gets memory, and that it comes back. */
class SchedulerTest {
    private static final int CONTEXT = 256;
    private static final int[] PROMPT = prompt(100);

    private final GgufFile file = GgufFile.of(TinyModel.llama().bytes());
    private final Tokenizer tokenizer = Tokenizer.of(file.metadata());
    private final Scheduler scheduler = scheduler();

    private Scheduler scheduler() {
        Kernels kernels = Kernels.create(2, Precision.EIGHT_BIT);
        ModelConfig config = ModelConfig.of(file.metadata(), CONTEXT);
        Transformer network = Architecture.load(file, config, kernels);
        return new Scheduler(kernels, network, CacheType.F16, network::logits);
    }

    @AfterEach
    void close() {
        scheduler.close();
        file.close();
    }

    /** Collects what a job says. */
    private final class Ear implements GenerationJob.Listener {
        private final CompletableFuture<GenerationJob.Outcome> outcome = new CompletableFuture<>();
        private final int cancelAfter;
        private @Nullable GenerationJob job;
        private int pieces;

        Ear(int cancelAfter) {
            this.cancelAfter = cancelAfter;
        }

        GenerationJob.Outcome run(int[] prompt, int tokens, @Nullable Remembered remembered) {
            start(prompt, tokens, remembered);
            return outcome.join();
        }

        Ear start(int[] prompt, int tokens, @Nullable Remembered remembered) {
            GenerationOptions options =
                    GenerationOptions.defaults()
                            .withMaxTokens(tokens)
                            .withSampling(SamplingOptions.greedy());
            job = new GenerationJob(prompt, CONTEXT, options, tokenizer, this, remembered);
            job.submitTo(scheduler);
            return this;
        }

        @Override
        public void text(String piece) {
            if (++pieces == cancelAfter && job != null) {
                job.cancel();
            }
        }

        @Override
        public void finished(GenerationJob.Outcome result) {
            outcome.complete(result);
        }

        @Override
        public void failed(Throwable cause) {
            outcome.completeExceptionally(cause);
        }
    }

    private int pagesInUse() {
        return scheduler.call(() -> scheduler.memory().pagesInUse());
    }

    private static int[] prompt(int length) {
        int[] prompt = new int[length];
        Arrays.setAll(prompt, i -> 3 + i % 250);
        return prompt;
    }

    @Test
    void aFinishedGenerationHasFreedItsPages() {
        new Ear(0).run(PROMPT, 20, null);
        assertThat(pagesInUse()).isZero();
    }

    @Test
    void aCancelledGenerationHasFreedItsPagesWhenItsEndIsTold() {
        for (int round = 0; round < 20; round++) {
            GenerationJob.Outcome outcome = new Ear(3).run(PROMPT, CONTEXT, null);
            assertThat(outcome.reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(pagesInUse()).isZero();
        }
    }

    @Test
    void aConversationKeepsItsPagesUntilItIsClosed() {
        Remembered remembered = new Remembered();
        new Ear(0).run(PROMPT, 20, remembered);
        assertThat(pagesInUse()).isEqualTo(2); // 119 positions in pages of 64
        GenerationJob.Outcome next = new Ear(0).run(PROMPT, 20, remembered);
        assertThat(next.cached()).isEqualTo(PROMPT.length - 1);
        remembered.close(scheduler);
        assertThat(pagesInUse()).isZero();
    }

    @Test
    void aConversationClosedDuringATurnFreesThatTurnToo() {
        Remembered remembered = new Remembered();
        Ear turn = new Ear(0).start(PROMPT, 100, remembered);
        remembered.close(scheduler);
        turn.outcome.join();
        assertThat(pagesInUse()).isZero();
    }

    @Test
    void twoTurnsOfOneConversationAtOnceDoNotDisturbEachOther() {
        Remembered remembered = new Remembered();
        List<Integer> alone = new Ear(0).run(PROMPT, 50, null).tokens();
        List<Integer> other = new Ear(0).run(prompt(60), 50, null).tokens();
        for (int round = 0; round < 10; round++) {
            Ear one = new Ear(0).start(PROMPT, 50, remembered);
            Ear two = new Ear(0).start(prompt(60), 50, remembered);
            assertThat(one.outcome.join().tokens()).isEqualTo(alone);
            assertThat(two.outcome.join().tokens()).isEqualTo(other);
        }
        remembered.close(scheduler);
        assertThat(pagesInUse()).isZero();
    }

    @Test
    void aTurnAfterACancelledOneGoesOnFromWhatWasRead() {
        Remembered remembered = new Remembered();
        List<Integer> alone = new Ear(0).run(PROMPT, 50, null).tokens();
        new Ear(3).run(PROMPT, CONTEXT, remembered);
        GenerationJob.Outcome next = new Ear(0).run(PROMPT, 50, remembered);
        assertThat(next.cached()).isEqualTo(PROMPT.length - 1);
        assertThat(next.tokens()).isEqualTo(alone);
        remembered.close(scheduler);
    }

    @Test
    void moreJobsThanABatchHasRowsAllFinish() {
        List<Integer> alone = new Ear(0).run(prompt(5), 4, null).tokens();
        List<Ear> ears = new ArrayList<>();
        for (int i = 0; i < Scheduler.MOST_ROWS + 40; i++) {
            ears.add(new Ear(0).start(prompt(5), 4, null));
        }
        for (Ear ear : ears) {
            assertThat(ear.outcome.join().tokens()).isEqualTo(alone);
        }
        assertThat(pagesInUse()).isZero();
    }
}
