package dev.snoozy.engine;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is chosen. Immutable; every {@code with…} gives a changed copy. The samplers
 * are applied in the order in which the options stand here; mirostat takes the place of those that
 * cut the tail.
 *
 * @param logitBias added to the score of a token; negative infinity forbids it
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
     * @param breakers texts that a repetition does not reach across
     */
    public record Dry(
            float multiplier, float base, int allowedLength, int lastN, List<String> breakers) {
        /** No penalty, with the usual constants for when it is turned on. */
        public static final Dry OFF = new Dry(0, 1.75f, 2, -1, List.of("\n", ":", "\"", "*"));

        public Dry {
            require(multiplier >= 0, "dry multiplier", "0 or more", multiplier);
            require(base >= 1, "dry base", "1 or more", base);
            require(allowedLength >= 1, "dry allowed length", "1 or more", allowedLength);
            require(lastN >= -1, "dry last n", "-1 or more", lastN);
            breakers = List.copyOf(breakers);
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
            require(probability >= 0 && probability <= 1, "xtc probability", "0 to 1", probability);
            require(threshold >= 0 && threshold <= 1, "xtc threshold", "0 to 1", threshold);
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
            require(tau >= 0, "mirostat tau", "0 or more", tau);
            require(eta >= 0 && eta <= 1, "mirostat eta", "0 to 1", eta);
        }
    }

    private static final SamplingOptions DEFAULTS =
            new SamplingOptions(
                    Map.of(),
                    1,
                    0,
                    0,
                    64,
                    Dry.OFF,
                    40,
                    1,
                    0.95f,
                    0.05f,
                    Xtc.OFF,
                    0.8f,
                    Mirostat.OFF,
                    OptionalLong.empty());

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((id, bias) ->
                require(
                        bias < Float.POSITIVE_INFINITY,
                        "logit bias of " + id,
                        "a number or -infinity",
                        bias));
        require(repeatPenalty > 0, "repeat penalty", "more than 0", repeatPenalty);
        require(Math.abs(frequencyPenalty) <= 2, "frequency penalty", "-2 to 2", frequencyPenalty);
        require(Math.abs(presencePenalty) <= 2, "presence penalty", "-2 to 2", presencePenalty);
        require(repeatLastN >= -1, "repeat last n", "-1 or more", repeatLastN);
        require(topK >= 0, "top k", "0 or more", topK);
        require(typicalP > 0 && typicalP <= 1, "typical p", "over 0 to 1", typicalP);
        require(topP > 0 && topP <= 1, "top p", "over 0 to 1", topP);
        require(minP >= 0 && minP <= 1, "min p", "0 to 1", minP);
        require(temperature >= 0, "temperature", "0 or more", temperature);
    }

    /**
     * Every comparison with NaN is false, so a NaN is refused as well; infinity is not a setting.
     */
    private static void require(boolean holds, String option, String expected, float found) {
        if (!holds || found == Float.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    option + ": expected " + expected + ", found " + found);
        }
    }

    /** Temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, nothing else. */
    public static SamplingOptions defaults() {
        return DEFAULTS;
    }

    /** Always the likeliest token. */
    public static SamplingOptions greedy() {
        return DEFAULTS.withTemperature(0);
    }

    public SamplingOptions withLogitBias(Map<Integer, Float> logitBias) {
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

    public SamplingOptions withRepeatPenalty(float repeatPenalty) {
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

    public SamplingOptions withFrequencyPenalty(float frequencyPenalty) {
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

    public SamplingOptions withPresencePenalty(float presencePenalty) {
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

    public SamplingOptions withRepeatLastN(int repeatLastN) {
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

    public SamplingOptions withDry(Dry dry) {
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

    public SamplingOptions withTopK(int topK) {
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

    public SamplingOptions withTypicalP(float typicalP) {
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

    public SamplingOptions withTopP(float topP) {
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

    public SamplingOptions withMinP(float minP) {
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

    public SamplingOptions withXtc(Xtc xtc) {
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

    public SamplingOptions withTemperature(float temperature) {
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

    public SamplingOptions withMirostat(Mirostat mirostat) {
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

    public SamplingOptions withSeed(long seed) {
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
                OptionalLong.of(seed));
    }
}
