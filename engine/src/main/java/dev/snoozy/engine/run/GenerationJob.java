package dev.snoozy.engine.run;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.sample.Logprobs;
import dev.snoozy.engine.sample.SamplerChain;
import dev.snoozy.engine.sample.StopStrings;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;
import dev.snoozy.text.tokenizer.TokenDecoder;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates a prompt, then chooses and evaluates token after token until the model ends its text, a
 * stop text appears, or the wanted number or the context is reached.
 */
public final class GenerationJob extends Job {
    /** Hears what happens. Called by the scheduler's thread, so it must not wait. */
    public interface Listener {
        /** More text; never empty. */
        void text(String piece);

        /** The end. */
        void finished(Outcome outcome);

        /** The end by an error. */
        void failed(Throwable cause);
    }

    /**
     * What a generation came to.
     *
     * @param cached tokens of the prompt that were not evaluated again
     * @param start when the job was made, in nanoseconds, as the two others
     * @param first when the first token was chosen
     * @param end when the last one was
     */
    public record Outcome(
            List<Integer> tokens,
            List<Float> logprobs,
            FinishReason reason,
            int cached,
            long start,
            long first,
            long end) {}

    private final int[] prompt;
    private final int mostTokens;
    private final Tokenizer tokenizer;
    private final SamplerChain sampler;
    private final TokenDecoder decoder;
    private final StopStrings stops;
    private final Listener listener;
    private final @Nullable Remembered remembered;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Float> logprobs = new ArrayList<>();
    private final long start = System.nanoTime();
    private long first = start;
    private long end = start;
    private int evaluated;
    private int cached;
    private int chosen = -1;
    private float chosenLogprob;
    private @Nullable FinishReason reason;

    /**
     * A job.
     *
     * @param prompt at least one token, fewer than {@code contextLength}
     * @param remembered the sequence of an earlier turn, or null for one of its own
     */
    public GenerationJob(
            int[] prompt,
            int contextLength,
            GenerationOptions options,
            Tokenizer tokenizer,
            Listener listener,
            @Nullable Remembered remembered) {
        this.prompt = prompt;
        this.tokenizer = tokenizer;
        this.listener = listener;
        this.remembered = remembered;
        int room = contextLength - prompt.length;
        mostTokens = Math.min(room, options.maxTokens());
        sampler = SamplerChain.of(options.sampling(), tokenizer.vocabulary());
        decoder = tokenizer.decoder();
        stops = new StopStrings(options.stop());
        for (int token : prompt) {
            sampler.accept(token);
        }
    }

    /** Starts the job. */
    public void submitTo(Scheduler scheduler) {
        scheduler.submit(this);
    }

    /** What the sampler started from. */
    public long seed() {
        return sampler.seed();
    }

    @Override
    Sequence newSequence(Memory memory) {
        if (remembered == null) {
            return memory.newSequence();
        }
        Sequence sequence = remembered.take(prompt, memory);
        cached = sequence.position();
        evaluated = cached;
        return sequence;
    }

    @Override
    int pending() {
        return reason != null ? 0 : prompt.length + tokens.size() - evaluated;
    }

    @Override
    int token(int i) {
        int index = evaluated + i;
        return index < prompt.length ? prompt[index] : tokens.get(index - prompt.length);
    }

    @Override
    boolean wants(int i) {
        return evaluated + i == prompt.length + tokens.size() - 1;
    }

    @Override
    void result(float[] logits) {
        int token = sampler.sample(logits);
        end = System.nanoTime();
        if (tokens.isEmpty()) {
            first = end;
        }
        chosen = token;
        chosenLogprob = Logprobs.of(logits, token);
    }

    @Override
    void evaluated(int count) {
        evaluated += count;
        if (chosen >= 0) {
            take(chosen);
            chosen = -1;
        }
    }

    private void take(int token) {
        if (tokenizer.vocabulary().endsGeneration(token)) {
            reason = FinishReason.STOP;
            return;
        }
        sampler.accept(token);
        tokens.add(token);
        logprobs.add(chosenLogprob);
        emit(stops.next(decoder.next(token)));
        if (stops.stopped()) {
            reason = FinishReason.STOP;
        } else if (tokens.size() >= mostTokens) {
            reason = FinishReason.LENGTH;
        }
    }

    private void emit(String text) {
        if (!text.isEmpty()) {
            listener.text(text);
        }
    }

    @Override
    void finish(boolean wasCancelled) {
        emit(stops.next(decoder.finish()));
        emit(stops.finish());
        FinishReason why = wasCancelled || reason == null ? FinishReason.CANCELLED : reason;
        if (stops.stopped()) {
            why = FinishReason.STOP; // also where the last bytes of the text completed it
        }
        listener.finished(new Outcome(tokens, logprobs, why, cached, start, first, end));
    }

    @Override
    void fail(Throwable cause) {
        listener.failed(cause);
    }

    @Override
    void giveBack(Sequence used) {
        if (remembered == null) {
            used.close();
        } else {
            remembered.giveBack(used, evaluatedTokens());
        }
    }

    private int[] evaluatedTokens() {
        int[] all = Arrays.copyOf(prompt, prompt.length + tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            all[prompt.length + i] = tokens.get(i);
        }
        return Arrays.copyOf(all, Math.min(all.length, evaluated));
    }
}
