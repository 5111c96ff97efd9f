package dev.snoozy.engine;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is chosen. Immutable; {@link #builder()} makes one and {@link #toBuilder()} a
 * changed copy. The samplers are applied in the order in which the options stand here; mirostat
 * takes the place of those that cut the tail.
 *
 * @param logitBias added to the score of a token, by its id, 0 or more and in the model's
 *     vocabulary; negative infinity forbids it
 * @param repeatPenalty scores of tokens among the last ones are divided by it, negative ones
 *     multiplied (Keskar et al. 2019, CTRL); more than 0, 1 is off
 * @param frequencyPenalty times the number of occurrences is subtracted; -2 to 2, 0 is off
 * @param presencePenalty subtracted once from tokens that occur; -2 to 2, 0 is off
 * @param repeatLastN how many of the last tokens the three penalties look at; 0 none, -1 all
 * @param dry the penalty on long repetitions
 * @param topK only the {@code topK} likeliest are kept; 0 is off (Fan et al. 2018)
 * @param typicalP locally typical sampling (Meister et al. 2022): the mass of tokens whose surprise
 *     is nearest to the expected one; over 0 to 1, 1 is off
 * @param topP nucleus sampling (Holtzman et al. 2019): the smallest set of likeliest tokens with
 *     this mass; over 0 to 1, 1 is off
 * @param minP tokens less likely than this share of the likeliest are dropped (Nguyen et al. 2024);
 *     0 to 1, 0 is off
 * @param xtc exclusion of top choices
 * @param temperature scores are divided by it; 0 always takes the likeliest token; 0 or more
 * @param mirostat mirostat 2.0, or off
 * @param seed what the random numbers start from; if absent one is drawn and reported in the result
 */
public record SamplingOptions(
        Map<Integer, Float> logitBias,
        float repeatPenalty,
        float frequencyPenalty,
        float presencePenalty,
        int repeatLastN,
        Dry dry,
        int topK,
        float typicalP,
        float topP,
        float minP,
        Xtc xtc,
        float temperature,
        Mirostat mirostat,
        OptionalLong seed) {

    /**
     * DRY, "don't repeat yourself": a token that would continue a repetition of {@code n} tokens
     * loses {@code multiplier * base^(n - allowedLength)} once {@code n} reaches the allowed
     * length.
     *
     * @param multiplier 0 is off
     * @param base at least 1
     * @param allowedLength repetitions shorter than this are free; at least 1
     * @param lastN how many of the last tokens are searched; 0 none, -1 all
     * @param breakers texts that a repetition does not reach across, and whose last token is never
     *     penalized; found also inside tokens and across them
     */
    public record Dry(
            float multiplier, float base, int allowedLength, int lastN, List<String> breakers) {
        /** No penalty, with the usual constants for when it is turned on. */
        public static final Dry OFF = new Dry(0, 1.75f, 2, -1, List.of("\n", ":", "\"", "*"));

        public Dry {
            Check.that(multiplier >= 0, "dry multiplier", "0 or more", multiplier);
            Check.that(base >= 1, "dry base", "1 or more", base);
            Check.that(allowedLength >= 1, "dry allowed length", "1 or more", allowedLength);
            Check.that(lastN >= -1, "dry last n", "-1 or more", lastN);
            breakers = List.copyOf(breakers);
            if (breakers.contains("")) {
                throw new IllegalArgumentException(
                        "dry breakers: an empty text would break every repetition");
            }
        }
    }

    /**
     * XTC: with a probability, all tokens above a threshold but the least likely of them are
     * dropped, if there are at least two.
     *
     * @param probability 0 to 1, 0 is off
     * @param threshold 0 to 1; above 0.5 it can have no effect
     */
    public record Xtc(float probability, float threshold) {
        /** Off, with the usual threshold. */
        public static final Xtc OFF = new Xtc(0, 0.1f);

        public Xtc {
            Check.that(
                    probability >= 0 && probability <= 1, "xtc probability", "0 to 1", probability);
            Check.that(threshold >= 0 && threshold <= 1, "xtc threshold", "0 to 1", threshold);
        }
    }

    /**
     * Mirostat 2.0 (Basu et al. 2021): keeps the surprise of the text near a target.
     *
     * @param on whether it is used
     * @param tau target surprise in bits, 0 or more
     * @param eta learning rate, 0 to 1
     */
    public record Mirostat(boolean on, float tau, float eta) {
        /** Off, with the usual constants. */
        public static final Mirostat OFF = new Mirostat(false, 5, 0.1f);

        public Mirostat {
            Check.that(tau >= 0, "mirostat tau", "0 or more", tau);
            Check.that(eta >= 0 && eta <= 1, "mirostat eta", "0 to 1", eta);
        }
    }

    private static final SamplingOptions DEFAULTS = new Builder().build();

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach(Check::bias);
        Check.that(repeatPenalty > 0, "repeat penalty", "more than 0", repeatPenalty);
        Check.that(
                Math.abs(frequencyPenalty) <= 2, "frequency penalty", "-2 to 2", frequencyPenalty);
        Check.that(Math.abs(presencePenalty) <= 2, "presence penalty", "-2 to 2", presencePenalty);
        Check.that(repeatLastN >= -1, "repeat last n", "-1 or more", repeatLastN);
        Check.that(topK >= 0, "top k", "0 or more", topK);
        Check.that(typicalP > 0 && typicalP <= 1, "typical p", "over 0 to 1", typicalP);
        Check.that(topP > 0 && topP <= 1, "top p", "over 0 to 1", topP);
        Check.that(minP >= 0 && minP <= 1, "min p", "0 to 1", minP);
        Check.that(temperature >= 0, "temperature", "0 or more", temperature);
    }

    /** Temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, nothing else. */
    public static SamplingOptions defaults() {
        return DEFAULTS;
    }

    /** Always the likeliest token. */
    public static SamplingOptions greedy() {
        return builder().temperature(0).build();
    }

    /** A builder that starts from the {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects options; what is not set stays as it was. The options are described above. */
    public static final class Builder {
        private Map<Integer, Float> logitBias = Map.of();
        private float repeatPenalty = 1;
        private float frequencyPenalty;
        private float presencePenalty;
        private int repeatLastN = 64;
        private Dry dry = Dry.OFF;
        private int topK = 40;
        private float typicalP = 1;
        private float topP = 0.95f;
        private float minP = 0.05f;
        private Xtc xtc = Xtc.OFF;
        private float temperature = 0.8f;
        private Mirostat mirostat = Mirostat.OFF;
        private OptionalLong seed = OptionalLong.empty();

        private Builder() {}

        private Builder(SamplingOptions from) {
            logitBias = from.logitBias;
            repeatPenalty = from.repeatPenalty;
            frequencyPenalty = from.frequencyPenalty;
            presencePenalty = from.presencePenalty;
            repeatLastN = from.repeatLastN;
            dry = from.dry;
            topK = from.topK;
            typicalP = from.typicalP;
            topP = from.topP;
            minP = from.minP;
            xtc = from.xtc;
            temperature = from.temperature;
            mirostat = from.mirostat;
            seed = from.seed;
        }

        public Builder logitBias(Map<Integer, Float> biases) {
            logitBias = biases;
            return this;
        }

        public Builder repeatPenalty(float value) {
            repeatPenalty = value;
            return this;
        }

        public Builder frequencyPenalty(float value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder presencePenalty(float value) {
            presencePenalty = value;
            return this;
        }

        public Builder repeatLastN(int value) {
            repeatLastN = value;
            return this;
        }

        public Builder dry(Dry settings) {
            dry = settings;
            return this;
        }

        public Builder topK(int value) {
            topK = value;
            return this;
        }

        public Builder typicalP(float value) {
            typicalP = value;
            return this;
        }

        public Builder topP(float value) {
            topP = value;
            return this;
        }

        public Builder minP(float value) {
            minP = value;
            return this;
        }

        public Builder xtc(Xtc settings) {
            xtc = settings;
            return this;
        }

        public Builder temperature(float value) {
            temperature = value;
            return this;
        }

        public Builder mirostat(Mirostat settings) {
            mirostat = settings;
            return this;
        }

        public Builder seed(OptionalLong value) {
            seed = value;
            return this;
        }

        public Builder seed(long value) {
            return seed(OptionalLong.of(value));
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if one is outside its range
         */
        public SamplingOptions build() {
            return new SamplingOptions(
                    logitBias,
                    repeatPenalty,
                    frequencyPenalty,
                    presencePenalty,
                    repeatLastN,
                    dry,
                    topK,
                    typicalP,
                    topP,
                    minP,
                    xtc,
                    temperature,
                    mirostat,
                    seed);
        }
    }

    /**
     * The checks. They stand apart because the nested records use them: a method of {@code
     * SamplingOptions} would have to initialize the defaults, which are made of such records,
     * before the first record of a kind has its own constants.
     */
    private static final class Check {
        /**
         * Every comparison with NaN is false, so a NaN is refused as well; infinity is not a
         * setting.
         */
        static void that(boolean holds, String option, String expected, float found) {
            if (!holds || found == Float.POSITIVE_INFINITY) {
                throw refused(option, expected, Float.toString(found));
            }
        }

        static void that(boolean holds, String option, String expected, int found) {
            if (!holds) {
                throw refused(option, expected, Integer.toString(found));
            }
        }

        static void bias(int token, float bias) {
            that(token >= 0, "logit bias", "the id of a token, 0 or more", token);
            that(!Float.isNaN(bias), "logit bias of " + token, "a number or -infinity", bias);
        }

        private static IllegalArgumentException refused(
                String option, String expected, String found) {
            return new IllegalArgumentException(
                    option + ": expected " + expected + ", found " + found);
        }
    }
}
