package dev.snoozy.engine.run;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.TokenChoice;
import dev.snoozy.engine.adapter.AdapterSet;
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
import java.util.Optional;

/**
 * Evaluates a prompt, then chooses and evaluates token after token until the model ends its text, a
 * stop text appears, nothing can follow by its grammar, or the wanted number or the context is
 * reached.
 */
public final class GenerationJob extends Job {
    private static final int UNKNOWN = -1;

    /** Hears what happens. Called by the scheduler's thread, so it must not wait. */
    public interface Listener {
        /** More text, with the tokens since the last one. */
        void text(TextPiece piece);

        /** The end. */
        void finished(Outcome outcome);

        /** The end by an error. */
        void failed(Throwable cause);
    }

    /**
     * What a generation came to.
     *
     * @param prompt the tokens of the prompt after the first one, if that was asked for
     * @param choices the tokens that were generated
     * @param reason why it ended
     * @param stopText the stop text that ended it
     * @param shifted whether tokens were dropped on the way
     * @param cached tokens of the prompt that were not evaluated again
     * @param start when the job was made, in nanoseconds, as the two others
     * @param first when the first token was chosen
     * @param end when the last one was
     */
    public record Outcome(
            List<TokenChoice> prompt,
            List<TokenChoice> choices,
            FinishReason reason,
            Optional<String> stopText,
            boolean shifted,
            int cached,
            long start,
            long first,
            long end) {
        List<Integer> tokens() {
            return choices.stream().map(TokenChoice::token).toList();
        }

        List<Float> logprobs() {
            return choices.stream().map(TokenChoice::logprob).toList();
        }
    }

    private final int promptLength;
    private final int contextLength;
    private final int mostTokens;
    private final GenerationOptions options;
    private final AdapterSet adapters;
    private final Tokenizer tokenizer;
    private final SamplerChain sampler;
    private final @Nullable Constraint constraint;
    private final TokenDecoder decoder;
    private final StopStrings stops;
    private final Listener listener;
    private final List<TokenChoice> promptChoices = new ArrayList<>();
    private final List<TokenChoice> choices = new ArrayList<>();
    private final long start = System.nanoTime();
    private long first = start;
    private long end = start;
    private int[] text; // the prompt and what was generated, but for what a shift has dropped
    private int length;
    private int evaluated;
    private int known; // the length at the last batch's end; guesses stand behind it
    private int right; // guesses of this batch that were what was chosen
    private boolean settled; // whether no further row of this batch counts
    private @Nullable Guesses guesses;
    private int guessesTried;
    private int guessesRight;
    private int remembered;
    private int reported; // choices that have been handed over with the text
    private int cached = UNKNOWN;
    private boolean shifted;
    private @Nullable TokenChoice chosen;
    private @Nullable FinishReason reason;
    private @Nullable ModelException failure;

    /**
     * A job.
     *
     * @param prompt at least one token, fewer than {@code contextLength}
     * @param adapters those of the options, or of the model
     * @throws ModelException if the constraint cannot be followed
     */
    public GenerationJob(
            int[] prompt,
            int contextLength,
            GenerationOptions options,
            AdapterSet adapters,
            Tokenizer tokenizer,
            Listener listener) {
        super(options.priority());
        text = prompt.clone();
        length = prompt.length;
        known = length;
        promptLength = prompt.length;
        this.contextLength = contextLength;
        this.options = options;
        this.adapters = adapters;
        this.tokenizer = tokenizer;
        this.listener = listener;
        int room = shifts() ? Integer.MAX_VALUE : contextLength - prompt.length;
        mostTokens = Math.min(room, options.maxTokens());
        sampler = SamplerChain.of(options.sampling(), tokenizer.vocabulary());
        constraint =
                options.constraint()
                        .map(wanted -> new Constraint(wanted, tokenizer.vocabulary()))
                        .orElse(null);
        decoder = tokenizer.decoder(options.controlText());
        stops = new StopStrings(options.stop());
        for (int token : prompt) {
            sampler.accept(token);
        }
    }

    private boolean shifts() {
        return options.keepOnShift() != GenerationOptions.NO_SHIFT;
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
        boolean anew = options.promptLogprobs() && promptChoices.size() < promptLength - 1;
        Sequence sequence = prefixes.fork(anew ? prefix().first(1) : prefix());
        evaluated = sequence.position();
        remembered = evaluated;
        return sequence;
    }

    @Override
    int pending() {
        return reason != null || failure != null ? 0 : length - evaluated + guessed();
    }

    @Override
    void guess(Speculator speculator, int others) {
        dropGuesses();
        if (reason != null || failure != null || length - evaluated != 1) {
            return;
        }
        if (guesses == null) {
            guesses = speculator.forText();
        }
        int wanted = mostTokens - choices.size() - 1; // beside the one that comes anyway
        guesses.guess(text, length, others, Math.min(wanted, contextLength - length - 1));
    }

    @Override
    void dropGuesses() {
        if (guesses != null) {
            guesses.drop();
        }
    }

    @Override
    int guessed() {
        return guesses == null ? 0 : guesses.count();
    }

    @Override
    int token(int i) {
        int position = evaluated + i;
        return position < length || guesses == null
                ? text[position]
                : guesses.token(position - length);
    }

    @Override
    boolean wants(int i) {
        int position = evaluated + i;
        return position >= known - 1 && mostTokens > 0 || wantsOfPrompt(position);
    }

    private boolean wantsOfPrompt(int position) {
        return options.promptLogprobs()
                && position >= promptChoices.size()
                && position < promptLength - 1;
    }

    /** What goes wrong here ends this text only, and none of those beside it in the batch. */
    @Override
    void result(float[] logits) {
        try {
            int next = promptChoices.size();
            if (wantsOfPrompt(next)) {
                promptChoices.add(Logprobs.choice(logits, text[next + 1], options.alternatives()));
            } else if (counts()) {
                choose(logits);
            }
        } catch (ModelException e) {
            failure = e;
        } catch (IllegalArgumentException e) {
            failure = new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Whether a row's result counts. That of a guessed token does if all before it were right and
     * it is just what was chosen, which is then part of the text.
     */
    private boolean counts() {
        settled |= reason != null || failure != null;
        if (settled || chosen == null) {
            return !settled;
        }
        TokenChoice choice = chosen;
        if (guesses == null || guesses.token(right) != choice.token()) {
            settled = true;
            return false;
        }
        right++;
        chosen = null;
        take(choice);
        settled = reason != null;
        return !settled;
    }

    private void choose(float[] logits) {
        int token =
                constraint == null
                        ? sampler.sample(logits)
                        : constraint.choose(sampler, logits, mostTokens - choices.size());
        end = System.nanoTime();
        if (choices.isEmpty()) {
            first = end;
        }
        if (token == Constraint.END) {
            reason = FinishReason.STOP;
        } else {
            chosen = Logprobs.choice(logits, token, options.alternatives());
        }
    }

    @Override
    void evaluated(int count) {
        cached = cached == UNKNOWN ? evaluated : cached;
        int tried = evaluated + count - known;
        evaluated = Math.min(evaluated + count, length);
        if (guesses != null && tried > 0) {
            sequence().truncate(evaluated); // what was wrong is forgotten
            guesses.judged(tried, right);
            guessesTried += tried;
            guessesRight += right;
        }
        right = 0;
        settled = false;
        if (chosen != null) {
            take(chosen);
            chosen = null;
        } else if (mostTokens == 0 && evaluated == length) {
            reason = FinishReason.LENGTH;
        }
        known = length;
    }

    private void take(TokenChoice choice) {
        int token = choice.token();
        if (tokenizer.vocabulary().endsGeneration(token)) {
            reason = FinishReason.STOP;
            return;
        }
        sampler.accept(token);
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = token;
        choices.add(choice);
        emit(stops.next(decoder.next(token)));
        if (constraint != null) {
            constraint.accept();
        }
        if (stops.stopped() || constraint != null && constraint.isOver()) {
            reason = FinishReason.STOP;
        } else if (choices.size() >= mostTokens) {
            reason = FinishReason.LENGTH;
        } else if (length == contextLength) {
            shift();
        }
    }

    /**
     * Drops the older half of what may go. The rest is evaluated anew at its new positions: its
     * keys and values would else still know of what was dropped. So is what stays before it, where
     * a state cannot go back to it.
     */
    private void shift() {
        int keep = Math.min(options.keepOnShift(), promptLength);
        int drop = (length - keep + 1) / 2;
        int from = sequence().canTruncate(keep) ? keep : 0;
        if (drop == 0 || !sequence().canTruncate(from)) {
            reason = FinishReason.LENGTH;
            return;
        }
        System.arraycopy(text, keep + drop, text, keep, length - keep - drop);
        length -= drop;
        sequence().truncate(from);
        evaluated = from;
        remembered = from - from % KvPages.PAGE;
        shifted = true;
    }

    @Override
    PrefixKey prefix() {
        return new PrefixKey(text, length, adapters);
    }

    @Override
    int knownPrefix() {
        return cached == UNKNOWN ? evaluated : 0; // after a pause it finds its own pages
    }

    @Override
    int sureTokens() {
        int toCome = mostTokens - choices.size() - 1; // the last one is not evaluated
        return pending() + Math.clamp(toCome, 0, KvPages.PAGE);
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

    private void emit(String piece) {
        if (!piece.isEmpty()) {
            report(piece);
        }
    }

    private void report(String piece) {
        listener.text(new TextPiece(piece, choices.subList(reported, choices.size())));
        reported = choices.size();
    }

    @Override
    void addTo(WorkCounter counter) {
        boolean began = !choices.isEmpty() || mostTokens == 0;
        int known = began ? promptLength : Math.min(evaluated, promptLength);
        counter.prompt(
                Math.max(0, known - Math.max(0, cached)),
                (began ? first : System.nanoTime()) - start);
        counter.generated(choices.size(), end - first);
        counter.guesses(guessesTried, guessesRight);
        counter.length(length);
    }

    @Override
    void finish(boolean wasCancelled) {
        if (failure != null) {
            listener.failed(failure);
            return;
        }
        String rest = stops.next(decoder.finish()) + stops.finish();
        if (!rest.isEmpty() || reported < choices.size()) {
            report(rest);
        }
        FinishReason why = wasCancelled || reason == null ? FinishReason.CANCELLED : reason;
        if (stops.stopped()) {
            why = FinishReason.STOP; // also where the last bytes of the text completed it
        }
        listener.finished(
                new Outcome(
                        promptChoices,
                        choices,
                        why,
                        stops.met(),
                        shifted,
                        Math.max(0, cached),
                        start,
                        first,
                        end));
    }

    @Override
    void fail(Throwable cause) {
        listener.failed(cause);
    }

    @Override
    void giveBack(Sequence used, PrefixCache prefixes) {
        if (guesses != null) {
            guesses.close();
            guesses = null;
        }
        prefixes.keep(prefix().first(evaluated), used);
        used.close();
    }
}
