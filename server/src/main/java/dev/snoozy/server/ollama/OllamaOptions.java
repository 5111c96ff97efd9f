package dev.snoozy.server.ollama;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.server.generate.ConstraintFields;
import dev.snoozy.server.generate.SamplingFields;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The map {@code options} of a request. An option that is not known is refused, unless it only says
 * how the machine is used and cannot change the answer.
 *
 * @param generation how the answer is generated
 * @param keep how many tokens stay when the context is shifted, if the request says so
 */
record OllamaOptions(GenerationOptions generation, OptionalInt keep) {
    private static final String NAME = "options";
    private static final int MOST_TOP_LOGPROBS = 20;
    private static final float TOP_P = 0.9f;

    /** What is read here and by {@link SamplingFields}. */
    private static final Set<String> KNOWN =
            Set.of(
                    "num_ctx",
                    "num_predict",
                    "num_keep",
                    "seed",
                    "stop",
                    "temperature",
                    "top_k",
                    "top_p",
                    "min_p",
                    "typical_p",
                    "tfs_z",
                    "repeat_penalty",
                    "repeat_last_n",
                    "frequency_penalty",
                    "presence_penalty",
                    "mirostat",
                    "mirostat_tau",
                    "mirostat_eta",
                    "penalize_newline",
                    "logit_bias",
                    "xtc_probability",
                    "xtc_threshold",
                    "dry_multiplier",
                    "dry_base",
                    "dry_allowed_length",
                    "dry_penalty_last_n",
                    "dry_sequence_breakers");

    /** How the machine is used: the server decides that when it loads a model. */
    private static final Set<String> MACHINE =
            Set.of(
                    "num_gpu",
                    "num_thread",
                    "num_batch",
                    "use_mmap",
                    "use_mlock",
                    "main_gpu",
                    "low_vram",
                    "numa",
                    "vocab_only",
                    "num_gqa");

    /**
     * The options of a request.
     *
     * @param defaults for what it does not say
     * @throws HttpProblem if one is not what it should be, or is not known
     */
    static OllamaOptions read(Fields fields, GenerationOptions defaults, LanguageModel model) {
        Fields options = checkNames(fields);
        fields.refuse("lora", "expected in requests of llama.cpp and OpenAI only");
        checkContext(options, model);
        if (options.bool("penalize_newline", false)) {
            throw HttpProblem.unsupported(
                    NAME + ".penalize_newline", "newlines are penalized as other tokens");
        }
        GenerationOptions generation =
                TextFields.withStops(
                        defaults.withSampling(
                                        SamplingFields.read(
                                                options,
                                                ownDefaults(defaults.sampling()),
                                                model.tokenizer()))
                                .withMaxTokens(mostTokens(options, defaults.maxTokens()))
                                .withAlternatives(alternatives(fields)),
                        options,
                        "stop");
        generation = ConstraintFields.apply(generation, ConstraintFields.format(fields, "format"));
        return new OllamaOptions(generation, options.integer("num_keep", -1, Integer.MAX_VALUE));
    }

    /** The map itself, in which there is no option that nobody knows. */
    static Fields checkNames(Fields fields) {
        Fields options = fields.fields(NAME).orElseGet(() -> new Fields(Json.object()));
        for (Map.Entry<String, ?> entry : options.node().properties()) {
            String name = entry.getKey();
            if (!KNOWN.contains(name) && !MACHINE.contains(name)) {
                options.refuse(name, "there is no such option");
            }
        }
        return options;
    }

    /**
     * A smaller context than the loaded one changes nothing but where a text must end, and is
     * taken; a larger one cannot be had, and conversations would be cut.
     */
    private static void checkContext(Fields options, LanguageModel model) {
        int context = options.integer("num_ctx", 0, Integer.MAX_VALUE, 0);
        if (context > model.contextLength()) {
            throw options.invalid(
                    "num_ctx",
                    "expected at most "
                            + model.contextLength()
                            + ", with which the model is loaded, found "
                            + context
                            + "; cure: serve it with a larger --ctx");
        }
    }

    /** Ollama's defaults, where nobody has set others for this server. */
    static SamplingOptions ownDefaults(SamplingOptions ours) {
        SamplingOptions usual = SamplingOptions.defaults();
        SamplingOptions.Builder builder = ours.toBuilder();
        if (ours.topP() == usual.topP()) {
            builder.topP(TOP_P);
        }
        if (ours.minP() == usual.minP()) {
            builder.minP(0);
        }
        return builder.build();
    }

    /**
     * -1 is as many as the model likes, -2 as many as there is room for, which is the same here.
     */
    private static int mostTokens(Fields options, int otherwise) {
        OptionalInt most = options.integer("num_predict", -2, Integer.MAX_VALUE);
        if (most.isEmpty()) {
            return otherwise;
        }
        return most.getAsInt() < 0 ? GenerationOptions.UNLIMITED : most.getAsInt();
    }

    private static int alternatives(Fields fields) {
        int top = fields.integer("top_logprobs", 0, MOST_TOP_LOGPROBS, 0);
        if (top > 0 && !fields.bool("logprobs", false)) {
            throw fields.invalid("top_logprobs", "expected logprobs: true beside it");
        }
        return top;
    }
}
