package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code generation_settings}: how a text is generated, by llama.cpp's names. */
final class Settings {
    private Settings() {}

    static ObjectNode of(GenerationOptions options) {
        SamplingOptions sampling = options.sampling();
        int most = options.maxTokens() == GenerationOptions.UNLIMITED ? -1 : options.maxTokens();
        ObjectNode node = Json.object();
        node.put("n_predict", most);
        node.put("max_tokens", most);
        node.put("seed", sampling.seed().orElse(-1));
        node.put("temperature", sampling.temperature());
        node.put("top_k", sampling.topK());
        node.put("top_p", sampling.topP());
        node.put("min_p", sampling.minP());
        node.put("typical_p", sampling.typicalP());
        node.put("xtc_probability", sampling.xtc().probability());
        node.put("xtc_threshold", sampling.xtc().threshold());
        node.put("repeat_last_n", sampling.repeatLastN());
        node.put("repeat_penalty", sampling.repeatPenalty());
        node.put("presence_penalty", sampling.presencePenalty());
        node.put("frequency_penalty", sampling.frequencyPenalty());
        node.put("dry_multiplier", sampling.dry().multiplier());
        node.put("dry_base", sampling.dry().base());
        node.put("dry_allowed_length", sampling.dry().allowedLength());
        node.put("dry_penalty_last_n", sampling.dry().lastN());
        ArrayNode breakers = node.putArray("dry_sequence_breakers");
        sampling.dry().breakers().forEach(breakers::add);
        node.put("mirostat", sampling.mirostat().on() ? 2 : 0);
        node.put("mirostat_tau", sampling.mirostat().tau());
        node.put("mirostat_eta", sampling.mirostat().eta());
        ArrayNode stop = node.putArray("stop");
        options.stop().forEach(stop::add);
        node.put("n_keep", Math.max(0, options.keepOnShift()));
        node.put("n_probs", options.alternatives());
        return node;
    }
}
