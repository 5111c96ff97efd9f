package dev.snoozy.engine.run;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A scheduler with a tiny model, and what tests ask of it. */
final class Rig implements AutoCloseable {
    static final int CONTEXT = 4096;
    static final long PLENTY = 1L << 30;

    /** Bytes of a page of the tiny llama: two layers, two heads of eight columns. */
    static final long PAGE = pageBytes();

    private static final int END = 2;

    final Scheduler scheduler;
    final Tokenizer tokenizer;
    private final GgufFile file;
    private final int contextLength;

    /** A scheduler with so much memory for keys and values. */
    Rig(TinyModel model, long total, long prefixes) {
        this(model.bytes(), new CacheBudget(total, prefixes), CONTEXT, 2, null);
    }

    /** A scheduler with any model, and with guesses if there is a speculator. */
    Rig(
            byte[] model,
            CacheBudget budget,
            int contextLength,
            int threads,
            @Nullable Speculator speculator) {
        file = GgufFile.of(model);
        this.contextLength = contextLength;
        tokenizer = Tokenizer.of(file.metadata());
        Kernels kernels = Kernels.create(threads, Precision.EIGHT_BIT);
        ModelConfig config = ModelConfig.of(file.metadata(), contextLength);
        Transformer network = Architecture.bind(file, config, kernels).network();
        scheduler =
                new Scheduler(kernels, network, network::logits, CacheType.F16, budget, speculator);
    }

    private static long pageBytes() {
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT);
                KvPages layer = kernels.kvPages(2, 8, 8, CacheType.F16)) {
            return 2 * layer.bytesPerPage();
        }
    }

    /** The likeliest tokens, exactly so many. */
    static GenerationOptions options(int tokens) {
        return GenerationOptions.defaults()
                .withMaxTokens(tokens)
                .withSampling(endless(SamplingOptions.greedy()));
    }

    /** The same sampling, but the end of the text is never chosen. */
    static SamplingOptions endless(SamplingOptions sampling) {
        return sampling.toBuilder().logitBias(Map.of(END, -1e4f)).build();
    }

    /** A prompt that is the beginning of every longer one. */
    static int[] prompt(int length) {
        int[] prompt = new int[length];
        Arrays.setAll(prompt, i -> 3 + i % 250);
        return prompt;
    }

    /** A prompt that begins like no other. */
    static int[] prompt(int length, int seed) {
        int[] prompt = prompt(length);
        prompt[0] = 3 + seed;
        return prompt;
    }

    GenerationJob.Outcome run(int[] prompt, GenerationOptions options) {
        return start(prompt, options).outcome();
    }

    Ear start(int[] prompt, GenerationOptions options) {
        return new Ear().start(this, prompt, options);
    }

    /** Lets jobs be submitted such that they all arrive between the same two batches. */
    void atOnce(Runnable submissions) {
        CountDownLatch done = new CountDownLatch(1);
        scheduler.errand(() -> {
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        submissions.run();
        done.countDown();
    }

    Memory memory() {
        return scheduler.memory();
    }

    int pagesInUse() {
        return scheduler.call(() -> memory().pagesInUse());
    }

    /** Bytes in use that are not those of remembered beginnings. */
    long bytesOfTexts() {
        return scheduler.call(() -> memory().bytesInUse() - scheduler.prefixes().spareBytes());
    }

    @Override
    public void close() {
        scheduler.close();
        file.close();
    }

    /** Collects what a job says. */
    static class Ear implements GenerationJob.Listener {
        private final CompletableFuture<GenerationJob.Outcome> outcome = new CompletableFuture<>();
        private final CompletableFuture<GenerationJob> job = new CompletableFuture<>();

        Ear start(Rig rig, int[] prompt, GenerationOptions options) {
            GenerationJob made =
                    new GenerationJob(
                            prompt,
                            rig.contextLength,
                            options,
                            AdapterSet.NONE,
                            rig.tokenizer,
                            this);
            job.complete(made);
            made.submitTo(rig.scheduler);
            return this;
        }

        void cancel() {
            job.join().cancel();
        }

        /** Waits for the end. */
        GenerationJob.Outcome outcome() {
            return outcome.join();
        }

        boolean isDone() {
            return outcome.isDone();
        }

        @Override
        public void text(TextPiece piece) {}

        @Override
        public void finished(GenerationJob.Outcome result) {
            outcome.complete(result);
        }

        @Override
        public void failed(Throwable cause) {
            outcome.completeExceptionally(cause);
        }
    }
}
