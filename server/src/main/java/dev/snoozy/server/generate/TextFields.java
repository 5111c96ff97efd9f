package dev.snoozy.server.generate;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.server.http.Fields;

import java.util.List;
import java.util.OptionalInt;

/** The fields of a request that say how text is generated, in OpenAI's and llama.cpp's names. */
public final class TextFields {
    private static final int MOST_STOPS = 64;

    private TextFields() {}

    /**
     * The options that a request asks for.
     *
     * @param defaults for what it does not say
     * @param model whose tokens and adapters are meant
     * @throws dev.snoozy.server.http.HttpProblem if a field is not what it should be
     */
    public static GenerationOptions options(
            Fields fields, GenerationOptions defaults, LanguageModel model) {
        SamplingOptions sampling =
                SamplingFields.read(fields, defaults.sampling(), model.tokenizer());
        GenerationOptions options =
                withStops(
                        defaults.withSampling(sampling)
                                .withMaxTokens(mostTokens(fields, defaults.maxTokens())),
                        fields,
                        "stop");
        GenerationOptions held = ConstraintFields.apply(options, ConstraintFields.read(fields));
        return AdapterFields.apply(held, fields, model);
    }

    /** The options with the texts of a field that end an answer, if it has any. */
    public static GenerationOptions withStops(
            GenerationOptions options, Fields fields, String name) {
        List<String> stops =
                fields.strings(name, MOST_STOPS).stream().filter(s -> !s.isEmpty()).toList();
        if (stops.isEmpty()) {
            return options;
        }
        try {
            return options.withStop(stops.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw fields.invalid(name, String.valueOf(e.getMessage()));
        }
    }

    /** The newer name wins; -1 is as many as there is room for. */
    private static int mostTokens(Fields fields, int otherwise) {
        for (String name :
                List.of("max_completion_tokens", "max_tokens", "n_predict", "max_output_tokens")) {
            OptionalInt most = fields.integer(name, -1, Integer.MAX_VALUE);
            if (most.isPresent()) {
                return most.getAsInt() < 0 ? GenerationOptions.UNLIMITED : most.getAsInt();
            }
        }
        return otherwise;
    }
}
