package dev.snoozy.engine.run;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.sample.Logprobs;
import dev.snoozy.engine.sample.SamplerChain;
import dev.snoozy.engine.sample.StopStrings;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.PrefixKey;
import dev.snoozy.engine.state.Sequence;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.text.tokenizer.TokenDecoder;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates a prompt, then chooses and evaluates token after token until the model ends its text, a
 * stop text appears, nothing can follow by its grammar, or the wanted number or the context is reached.
 */
public final class GenerationJob extends Job {
    private static final int UNKNOWN = -1;

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

    private final int promptLength;
    private final int mostTokens;
    private final Tokenizer tokenizer;
    private final SamplerChain sampler;
    private final @Nullable Constraint constraint;
    private final TokenDecoder decoder;
    private final StopStrings stops;
    private final Listener listener;
    private final List<Float> logprobs = new ArrayList<>();
    private final long start = System.nanoTime();
    private long first = start;
    private long end = start;
    private int[] text; // the prompt and what was generated
    private int length;
    private int evaluated;
    private int remembered;
    private int cached = UNKNOWN;
    private int chosen = -1;
    private float chosenLogprob;
    private @Nullable FinishReason reason;
    private @Nullable ModelException failure;

    /**
     * A job.
     *
     * @param prompt at least one token, fewer than {@code contextLength}
     * @throws ModelException if the constraint cannot be followed
     */
    public GenerationJob(
            int[] prompt,
            int contextLength,
            GenerationOptions options,
            Tokenizer tokenizer,
            Listener listener) {
        super(options.priority());
        text = prompt.clone();
        length = prompt.length;
        promptLength = prompt.length;
        this.tokenizer = tokenizer;
        this.listener = listener;
        int room = contextLength - prompt.length;
        mostTokens = Math.min(room, options.maxTokens());
        sampler = SamplerChain.of(options.sampling(), tokenizer.vocabulary());
        constraint =
                options.constraint()
                        .map(wanted -> new Constraint(wanted, tokenizer.vocabulary()))
                        .orElse(null);
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
    Sequence takeSequence(PrefixCache prefixes) {
        Sequence sequence = prefixes.fork(prefix());
        evaluated = sequence.position();
        remembered = evaluated;
        return sequence;
    }

    @Override
    int pending() {
        return reason != null || failure != null ? 0 : length - evaluated;
    }

    @Override
    int token(int i) {
        return text[evaluated + i];
    }

    @Override
    boolean wants(int i) {
        return evaluated + i == length - 1;
    }

    /** What goes wrong here ends this text only, and none of those beside it in the batch. */
    @Override
    void result(float[] logits) {
        try {
            int token =
                    constraint == null
                            ? sampler.sample(logits)
                            : constraint.choose(sampler, logits, mostTokens - logprobs.size());
            end = System.nanoTime();
            if (logprobs.isEmpty()) {
                first = end;
            }
            if (token == Constraint.END) {
                reason = FinishReason.STOP;
                return;
            }
            chosen = token;
            chosenLogprob = Logprobs.of(logits, token);
        } catch (ModelException e) {
            failure = e;
        } catch (IllegalArgumentException e) {
            failure = new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    void evaluated(int count) {
        cached = cached == UNKNOWN ? evaluated : cached;
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
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = token;
        logprobs.add(chosenLogprob);
        emit(stops.next(decoder.next(token)));
        if (constraint != null) {
            constraint.accept();
        }
        if (stops.stopped() || constraint != null && constraint.isOver()) {
            reason = FinishReason.STOP;
        } else if (logprobs.size() >= mostTokens) {
            reason = FinishReason.LENGTH;
        }
    }

    @Override
    PrefixKey prefix() {
        return new PrefixKey(text, length);
    }

    @Override
    int knownPrefix() {
        return cached == UNKNOWN ? evaluated : 0; // after a pause it finds its own pages
    }

    @Override
    int sureTokens() {
        int toCome = mostTokens - logprobs.size() - 1; // the last one is not evaluated
        return pending() + Math.min(KvPages.PAGE, toCome);
    }

    @Override
    void remember(PrefixCache prefixes) {
        int pages = evaluated / KvPages.PAGE;
        if (pages > remembered / KvPages.PAGE) {
            remembered = pages * KvPages.PAGE;
            prefixes.keep(prefix().first(remembered), sequence());
        }
    }

    @Override
    boolean canPause() {
        return true;
    }

    private void emit(String text) {
        if (!text.isEmpty()) {
            listener.text(text);
        }
    }

    @Override
    void finish(boolean wasCancelled) {
        if (failure != null) {
            listener.failed(failure);
            return;
        }
        emit(stops.next(decoder.finish()));
        emit(stops.finish());
        FinishReason why = wasCancelled || reason == null ? FinishReason.CANCELLED : reason;
        if (stops.stopped()) {
            why = FinishReason.STOP; // also where the last bytes of the text completed it
        }
        List<Integer> tokens = Arrays.stream(text, promptLength, length).boxed().toList();
        listener.finished(
                new Outcome(tokens, logprobs, why, Math.max(0, cached), start, first, end));
    }

    @Override
    void fail(Throwable cause) {
        listener.failed(cause);
    }

    @Override
    void giveBack(Sequence used, PrefixCache prefixes) {
        prefixes.keep(prefix().first(evaluated), used);
        used.close();
    }
}
