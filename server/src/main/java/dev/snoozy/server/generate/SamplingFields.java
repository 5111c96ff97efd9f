package dev.snoozy.server.generate;

import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The fields of a request that say how tokens are chosen, by the names that OpenAI, llama.cpp and
 * Ollama give them, which do not contradict each other.
 */
public final class SamplingFields {
    private static final int MOST_BIASES = 1024;
    private static final int MOST_BREAKERS = 64;
    private static final double MOST = 1e6;

    private SamplingFields() {}

    /**
     * The options that a request asks for.
     *
     * @param defaults for what it does not say
     * @throws HttpProblem if a field is out of its range, or names a sampler that there is not
     */
    public static SamplingOptions read(
            Fields fields, SamplingOptions defaults, Tokenizer tokenizer) {
        refuseUnknownSamplers(fields);
        SamplingOptions.Builder builder = defaults.toBuilder();
        builder.temperature(real(fields, "temperature", 0, 100, defaults.temperature()))
                .topK(Math.max(0, fields.integer("top_k", -1, 1 << 20, defaults.topK())))
                .topP(Math.max(Float.MIN_NORMAL, real(fields, "top_p", 0, 1, defaults.topP())))
                .minP(real(fields, "min_p", 0, 1, defaults.minP()))
                .typicalP(typical(fields, defaults))
                .repeatPenalty(real(fields, "repeat_penalty", 1e-3, 100, defaults.repeatPenalty()))
                .repeatLastN(fields.integer("repeat_last_n", -1, 1 << 20, defaults.repeatLastN()))
                .frequencyPenalty(
                        real(fields, "frequency_penalty", -2, 2, defaults.frequencyPenalty()))
                .presencePenalty(
                        real(fields, "presence_penalty", -2, 2, defaults.presencePenalty()))
                .dry(dry(fields, defaults.dry()))
                .xtc(
                        new SamplingOptions.Xtc(
                                real(fields, "xtc_probability", 0, 1, defaults.xtc().probability()),
                                real(fields, "xtc_threshold", 0, 1, defaults.xtc().threshold())))
                .mirostat(mirostat(fields, defaults.mirostat()))
                .seed(seed(fields, defaults.seed()))
                .logitBias(biases(fields, tokenizer.vocabulary()));
        return builder.build();
    }

    private static float real(
            Fields fields, String name, double least, double most, float otherwise) {
        return (float) fields.number(name, least, most, otherwise);
    }

    private static float typical(Fields fields, SamplingOptions defaults) {
        String name = fields.has("typical_p") ? "typical_p" : "typ_p";
        return Math.max(Float.MIN_NORMAL, real(fields, name, 0, 1, defaults.typicalP()));
    }

    private static void refuseUnknownSamplers(Fields fields) {
        fields.refuse("samplers", "the order of samplers is fixed");
        refuseUnlessZero(fields, "dynatemp_range");
        refuseUnlessZero(fields, "min_keep");
        refuseUnlessZero(fields, "top_n_sigma");
        refuseUnlessZero(fields, "tfs_z");
        if (fields.integer("mirostat", 0, 2, 0) == 1) {
            throw HttpProblem.unsupported("mirostat", "expected 0 (off) or 2, found 1");
        }
        if (fields.bool("penalize_nl", false)) {
            throw HttpProblem.unsupported("penalize_nl", "newlines are penalized as other tokens");
        }
    }

    private static void refuseUnlessZero(Fields fields, String name) {
        double value = fields.number(name, -MOST, MOST, 0);
        boolean off = value == 0 || value < 0 && name.equals("top_n_sigma");
        if (!off && !(name.equals("tfs_z") && value == 1)) {
            throw HttpProblem.unsupported(name, "there is no such sampler");
        }
    }

    private static SamplingOptions.Dry dry(Fields fields, SamplingOptions.Dry defaults) {
        List<String> breakers = fields.strings("dry_sequence_breakers", MOST_BREAKERS);
        return new SamplingOptions.Dry(
                real(fields, "dry_multiplier", 0, 100, defaults.multiplier()),
                real(fields, "dry_base", 1, 100, defaults.base()),
                fields.integer("dry_allowed_length", 1, 1 << 20, defaults.allowedLength()),
                fields.integer("dry_penalty_last_n", -1, 1 << 20, defaults.lastN()),
                fields.has("dry_sequence_breakers") ? breakers : defaults.breakers());
    }

    private static SamplingOptions.Mirostat mirostat(
            Fields fields, SamplingOptions.Mirostat defaults) {
        return new SamplingOptions.Mirostat(
                fields.integer("mirostat", 0, 2, defaults.on() ? 2 : 0) == 2,
                real(fields, "mirostat_tau", 0, 100, defaults.tau()),
                real(fields, "mirostat_eta", 0, 1, defaults.eta()));
    }

    /** A seed of -1 asks for any, as no seed does. */
    private static OptionalLong seed(Fields fields, OptionalLong defaults) {
        OptionalLong seed = fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        if (seed.isEmpty()) {
            return defaults;
        }
        return seed.getAsLong() == -1 ? OptionalLong.empty() : seed;
    }

    /** {@code {"id": bias}} as OpenAI has it, or {@code [[id, bias], …]} as llama.cpp. */
    private static Map<Integer, Float> biases(Fields fields, Vocabulary vocabulary) {
        Map<Integer, Float> biases = new HashMap<>();
        JsonNode node = fields.any("logit_bias").orElse(Json.object());
        if (node.size() > MOST_BIASES) {
            throw fields.invalid(
                    "logit_bias",
                    "expected at most " + MOST_BIASES + " tokens, found " + node.size());
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            biases.put(
                                    token(fields, entry.getKey(), vocabulary),
                                    bias(fields, entry.getValue())));
        } else if (node.isArray()) {
            for (JsonNode pair : node) {
                if (!pair.isArray() || pair.size() != 2 || !pair.get(0).isIntegralNumber()) {
                    throw fields.invalid(
                            "logit_bias", "expected pairs of a token and a bias, found " + pair);
                }
                biases.put(
                        token(fields, pair.get(0).asString(), vocabulary),
                        bias(fields, pair.get(1)));
            }
        } else {
            throw fields.invalid("logit_bias", "expected an object, found " + node.getNodeType());
        }
        if (fields.bool("ignore_eos", false)) {
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.endsGeneration(id)) {
                    biases.put(id, Float.NEGATIVE_INFINITY);
                }
            }
        }
        return biases;
    }

    private static int token(Fields fields, String text, Vocabulary vocabulary) {
        try {
            int token = Integer.parseInt(text);
            if (token >= 0 && token < vocabulary.size()) {
                return token;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw fields.invalid(
                "logit_bias",
                "expected a token from 0 to " + (vocabulary.size() - 1) + ", found " + text);
    }

    /** A number, or false for a token that must not come. */
    private static float bias(Fields fields, JsonNode node) {
        if (node.isBoolean() && !node.booleanValue()) {
            return Float.NEGATIVE_INFINITY;
        }
        if (!node.isNumber() || Math.abs(node.doubleValue()) > MOST) {
            throw fields.invalid("logit_bias", "expected a number as bias, found " + node);
        }
        return (float) node.doubleValue();
    }
}
