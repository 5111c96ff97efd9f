package dev.snoozy.cli.run;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The flags of {@code run} that say how tokens are chosen and when to stop. */
final class SamplingFlags {
    private static final String OFF = " (default: ${DEFAULT-VALUE})";

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            description = "generate at most N tokens (default: until the end or a full context)")
    @Nullable Integer maxTokens;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            defaultValue = "0.8",
            description = "0 always takes the likeliest token" + OFF)
    float temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "40",
            description = "only the K likeliest tokens; 0 is off" + OFF)
    int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "0.95",
            description = "the likeliest tokens with mass P; 1 is off" + OFF)
    float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0.05",
            description = "tokens with share P of the likeliest; 0 is off" + OFF)
    float minP;

    @Option(
            names = "--typical",
            paramLabel = "P",
            defaultValue = "1",
            description = "locally typical tokens with mass P; 1 is off" + OFF)
    float typical;

    @Option(
            names = "--xtc-probability",
            paramLabel = "P",
            defaultValue = "0",
            description = "how often top choices are left out; 0 is off" + OFF)
    float xtcProbability;

    @Option(
            names = "--xtc-threshold",
            paramLabel = "P",
            defaultValue = "0.1",
            description = "from which probability a token is a top choice" + OFF)
    float xtcThreshold;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            defaultValue = "1",
            description = "divides the scores of recent tokens; 1 is off" + OFF)
    float repeatPenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "per occurrence among recent tokens; 0 is off" + OFF)
    float frequencyPenalty;

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "once for recent tokens; 0 is off" + OFF)
    float presencePenalty;

    @Option(
            names = "--repeat-last-n",
            paramLabel = "N",
            defaultValue = "64",
            description = "how many tokens are recent; -1 all" + OFF)
    int repeatLastN;

    @Option(
            names = "--dry-multiplier",
            paramLabel = "X",
            defaultValue = "0",
            description = "penalty on long repetitions; 0 is off" + OFF)
    float dryMultiplier;

    @Option(
            names = "--dry-base",
            paramLabel = "X",
            defaultValue = "1.75",
            description = "growth of that penalty per token" + OFF)
    float dryBase;

    @Option(
            names = "--dry-allowed-length",
            paramLabel = "N",
            defaultValue = "2",
            description = "shorter repetitions are free" + OFF)
    int dryAllowedLength;

    @Option(
            names = "--dry-penalty-last-n",
            paramLabel = "N",
            defaultValue = "-1",
            description = "how many tokens are searched for them; -1 all" + OFF)
    int dryLastN;

    @Option(
            names = "--dry-sequence-breaker",
            paramLabel = "TEXT",
            description =
                    "repetitions do not reach across it; may be repeated (default: line breaks,"
                            + " colons, quotes and asterisks)")
    List<String> dryBreakers = SamplingOptions.Dry.OFF.breakers();

    @Option(
            names = "--mirostat",
            paramLabel = "0|2",
            defaultValue = "0",
            description = "2 keeps the surprise of the text near a target" + OFF)
    int mirostat;

    @Option(
            names = "--mirostat-tau",
            paramLabel = "BITS",
            defaultValue = "5",
            description = "that target" + OFF)
    float mirostatTau;

    @Option(
            names = "--mirostat-eta",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "how fast it is sought" + OFF)
    float mirostatEta;

    @Option(
            names = "--logit-bias",
            paramLabel = "ID=X",
            description = "add X to the score of a token; -inf forbids it; may be repeated")
    Map<Integer, String> logitBias = Map.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "the same seed gives the same text (default: drawn, and reported)")
    @Nullable Long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "end at this text; may be repeated")
    List<String> stop = List.of();

    GenerationOptions options() {
        if (mirostat != 0 && mirostat != 2) {
            throw new IllegalArgumentException("--mirostat: expected 0 or 2, found " + mirostat);
        }
        SamplingOptions.Dry dry =
                new SamplingOptions.Dry(
                        dryMultiplier, dryBase, dryAllowedLength, dryLastN, dryBreakers);
        SamplingOptions sampling =
                SamplingOptions.builder()
                        .logitBias(biases())
                        .repeatPenalty(repeatPenalty)
                        .frequencyPenalty(frequencyPenalty)
                        .presencePenalty(presencePenalty)
                        .repeatLastN(repeatLastN)
                        .dry(dry)
                        .topK(topK)
                        .typicalP(typical)
                        .topP(topP)
                        .minP(minP)
                        .xtc(new SamplingOptions.Xtc(xtcProbability, xtcThreshold))
                        .temperature(temperature)
                        .mirostat(
                                new SamplingOptions.Mirostat(
                                        mirostat == 2, mirostatTau, mirostatEta))
                        .seed(seed == null ? OptionalLong.empty() : OptionalLong.of(seed))
                        .build();
        if (maxTokens != null && maxTokens < 1) {
            throw new IllegalArgumentException(
                    "--max-tokens: expected 1 or more, found " + maxTokens);
        }
        int most = maxTokens == null ? GenerationOptions.UNLIMITED : maxTokens;
        return GenerationOptions.defaults()
                .withMaxTokens(most)
                .withSampling(sampling)
                .withStop(stop.toArray(String[]::new));
    }

    private Map<Integer, Float> biases() {
        Map<Integer, Float> biases = new TreeMap<>();
        logitBias.forEach((id, text) -> biases.put(id, bias(id, text)));
        return biases;
    }

    private static float bias(int id, String text) {
        if (text.equals("-inf")) {
            return Float.NEGATIVE_INFINITY;
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--logit-bias " + id + ": expected a number or -inf, found " + text, e);
        }
    }
}
