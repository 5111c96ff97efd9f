package dev.snoozy.engine.sample;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.text.grammar.TokenMask;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Chooses tokens: logit bias, penalties, DRY, top-k, typical, top-p, min-p, XTC, temperature, then
 * a draw by the soft-max of what is left; with mirostat only bias, penalties and temperature come
 * before its own cut. Steps that are off are not in the chain. Belongs to one text, used by one
 * thread at a time.
 */
public final class SamplerChain {
    /** Two tokens cannot both be likelier than this. */
    private static final float MOST_OF_TWO = 0.5f;

    private final SamplingOptions options;
    private final long seed;
    private final Vocabulary vocabulary;
    private final Chance chance;
    private final History history = new History();
    private final Candidates candidates = new Candidates();
    private final List<Sampler> steps = new ArrayList<>();
    private double surprise; // mirostat's mu, in bits

    private SamplerChain(SamplingOptions options, long seed, Vocabulary vocabulary) {
        this.options = options;
        this.seed = seed;
        this.vocabulary = vocabulary;
        for (int token : options.logitBias().keySet()) {
            if (token >= vocabulary.size()) {
                throw new IllegalArgumentException(
                        "logit bias: expected a token from 0 to "
                                + (vocabulary.size() - 1)
                                + ", found "
                                + token);
            }
        }
        chance = new Chance(seed);
        surprise = 2 * options.mirostat().tau();
        addPenalties();
        if (options.temperature() > 0 && !options.mirostat().on()) {
            addCuts();
        }
        if (options.temperature() > 0 && options.temperature() != 1) {
            steps.add(new Sampler.Temperature(options.temperature()));
        }
    }

    /**
     * A chain for one text.
     *
     * @throws IllegalArgumentException if there is a logit bias for a token that the vocabulary
     *     does not have
     */
    public static SamplerChain of(SamplingOptions options, Vocabulary vocabulary) {
        long seed =
                options.seed()
                        .orElseGet(() -> RandomGenerator.getDefault().nextInt() & 0xffffffffL);
        return new SamplerChain(options, seed, vocabulary);
    }

    private void addPenalties() {
        if (!options.logitBias().isEmpty()) {
            steps.add(new Sampler.LogitBias(options.logitBias()));
        }
        boolean penalties =
                options.repeatPenalty() != 1
                        || options.frequencyPenalty() != 0
                        || options.presencePenalty() != 0;
        if (penalties && options.repeatLastN() != 0) {
            steps.add(new Sampler.Penalties(options, history));
        }
        if (options.dry().multiplier() > 0 && options.dry().lastN() != 0) {
            steps.add(new Dry(options.dry(), history, vocabulary));
        }
    }

    private void addCuts() {
        if (options.topK() > 0) {
            steps.add(new Sampler.TopK(options.topK()));
        }
        if (options.typicalP() < 1) {
            steps.add(new Sampler.Typical(options.typicalP()));
        }
        if (options.topP() < 1) {
            steps.add(new Sampler.TopP(options.topP()));
        }
        if (options.minP() > 0) {
            steps.add(new Sampler.MinP(options.minP()));
        }
        if (options.xtc().probability() > 0 && options.xtc().threshold() <= MOST_OF_TWO) {
            steps.add(new Sampler.Xtc(options.xtc()));
        }
    }

    /** What the random numbers started from. */
    public long seed() {
        return seed;
    }

    /** Notes a token of the prompt or of the answer. */
    public void accept(int token) {
        history.add(token);
    }

    /**
     * Chooses the next token.
     *
     * @param logits {@code [vocabulary]}, left as they are; rows with which a model pads its
     *     vocabulary are not looked at
     * @throws ModelException if a score is NaN or positive infinity, or no token is left that may
     *     come
     */
    public int sample(float[] logits) {
        return sample(logits, null);
    }

    /**
     * Chooses the next token among some; the others are out before any step of the chain.
     *
     * @param mask which tokens may come; null for all
     * @see #sample(float[])
     */
    public int sample(float[] logits, @Nullable TokenMask mask) {
        candidates.reset(logits, Math.min(logits.length, vocabulary.size()));
        if (mask != null) {
            candidates.keep(mask);
        }
        for (Sampler step : steps) {
            step.apply(candidates, chance);
        }
        if (options.temperature() == 0) {
            return largest();
        }
        return options.mirostat().on() ? mirostat() : draw();
    }

    private int largest() {
        float score = candidates.largest();
        int first = 0;
        while (candidates.score(first) != score) {
            first++;
        }
        return candidates.id(first);
    }

    private int draw() {
        return candidates.id(drawn());
    }

    /** The position of the candidate at a random place of the cumulated probabilities. */
    private int drawn() {
        candidates.softmax();
        double place = chance.next();
        int last = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.probability(i) > 0) {
                last = i;
                place -= candidates.probability(i);
                if (place < 0) {
                    return i;
                }
            }
        }
        return last; // rounding left a little
    }

    /** Drops the tokens that surprise more than mu, draws, and moves mu toward the target. */
    private int mirostat() {
        candidates.sort();
        candidates.softmax();
        int count = 0;
        while (count < candidates.size() && bits(candidates.probability(count)) <= surprise) {
            count++;
        }
        candidates.keep(count);
        int position = drawn();
        double error = bits(candidates.probability(position)) - options.mirostat().tau();
        surprise -= options.mirostat().eta() * error;
        return candidates.id(position);
    }

    private static double bits(double probability) {
        return -Math.log(probability) / Math.log(2);
    }
}
