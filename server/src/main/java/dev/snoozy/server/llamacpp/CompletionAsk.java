package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.TextStream;
import dev.snoozy.server.generate.Prompts;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What a request to {@code /completion} asks for.
 *
 * @param cuts the prompts, as much of them as there is room for
 * @param single whether the prompt was one, so that the answer is no array
 * @param options how each is continued
 * @param stream whether the text is sent as it comes
 * @param returnTokens whether the ids are shown
 * @param timings whether each event of a stream shows timings
 * @param fields that the answer shall have; all if there are none
 */
record CompletionAsk(
        List<Cut> cuts,
        boolean single,
        GenerationOptions options,
        boolean stream,
        boolean returnTokens,
        boolean timings,
        List<String> fields) {
    private static final int MOST_PROBABILITIES = 100;
    private static final int MOST_FIELDS = 100;
    private static final int MOST_KEPT = 1 << 28;

    static CompletionAsk read(Fields fields, LanguageModel model, Service service) {
        refuse(fields);
        GenerationOptions options =
                TextFields.options(fields, service.generation(), model)
                        .withAlternatives(fields.integer("n_probs", 0, MOST_PROBABILITIES, 0));
        int most = service.generation().maxTokens();
        options = options.withMaxTokens(Math.min(most, options.maxTokens()));
        int keep = fields.integer("n_keep", -1, MOST_KEPT, 0);
        boolean shifts = service.llamaCpp().contextShift();
        List<Cut> cuts = new ArrayList<>();
        for (int[] prompt : Prompts.read(fields, "prompt", model.tokenizer(), true)) {
            cuts.add(
                    shifts
                            ? Cut.of(prompt, keep, model.contextLength())
                            : new Cut(prompt, 0, false));
        }
        return new CompletionAsk(
                cuts,
                isSingle(fields),
                options,
                fields.bool("stream", false),
                fields.bool("return_tokens", false),
                fields.bool("timings_per_token", false),
                fields.strings("response_fields", MOST_FIELDS));
    }

    /** Fields that would change the answer and are not known here. */
    private static void refuse(Fields fields) {
        fields.refuse("input_extra", "there is no filling in the middle");
        fields.refuse("image_data", "this server reads text only");
        if (fields.bool("post_sampling_probs", false)) {
            throw HttpProblem.unsupported(
                    "post_sampling_probs", "probabilities are those before any sampler");
        }
        if (fields.integer("t_max_predict_ms", -1, Integer.MAX_VALUE, 0) > 0) {
            throw HttpProblem.unsupported(
                    "t_max_predict_ms", "a text is bound by n_predict, not by time");
        }
        if (fields.integer("n_indent", 0, Integer.MAX_VALUE, 0) > 0) {
            throw HttpProblem.unsupported("n_indent", "lines may begin as they like");
        }
        if (fields.integer("n_discard", 0, Integer.MAX_VALUE, 0) > 0) {
            throw HttpProblem.unsupported("n_discard", "half of the text is dropped");
        }
    }

    private static boolean isSingle(Fields fields) {
        JsonNode node = fields.any("prompt").orElseThrow();
        if (!node.isArray()) {
            return true;
        }
        for (JsonNode element : node) {
            if (element.isNumber()) {
                return true;
            }
        }
        return node.size() == 1;
    }

    /** Begins to continue a prompt. */
    TextStream begin(LanguageModel model, Service service, int index) {
        return model.stream(cuts.get(index).tokens(), options(service, index));
    }

    private GenerationOptions options(Service service, int index) {
        return service.llamaCpp().contextShift()
                ? options.withShift(cuts.get(index).keep())
                : options;
    }
}
