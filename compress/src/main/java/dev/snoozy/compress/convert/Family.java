package dev.snoozy.compress.convert;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A family of models: how its checkpoint on Hugging Face is called and described, and how in GGUF.
 * A new one is a file and a line here.
 */
interface Family {
    /** Name in {@code general.architecture}. */
    String architecture();

    /** Name in {@code architectures} of a config.json. */
    String checkpointClass();

    /** Value of {@code model_type} of a config.json. */
    String modelType();

    /** The metadata that the architecture needs, from a config.json. */
    void describe(JsonObject config, Keys keys);

    /** A config.json from the metadata; {@link #describe} the other way round. */
    void describe(GgufKeys keys, Map<String, Object> config);

    /** The tensors of a model with this config.json. */
    Rules rules(JsonObject config);

    /** Tensors that stand in config.json in the checkpoint, by their names. */
    default Map<String, float[]> extraTensors(JsonObject config) {
        return Map.of();
    }

    /** GGUF tensors that {@link #describe(GgufKeys, Map)} puts into config.json. */
    default Set<String> tensorsInConfig() {
        return Set.of();
    }

    /** The families, by the names of their checkpoints' classes. */
    Map<String, Family> BY_CLASS = table();

    private static Map<String, Family> table() {
        Map<String, Family> table = new LinkedHashMap<>();
        List<Family> families =
                List.of(
                        new LlamaFamily("LlamaForCausalLM", "llama"),
                        new LlamaFamily("MistralForCausalLM", "mistral"),
                        new LlamaFamily("MixtralForCausalLM", "mixtral"),
                        new QwenFamily("Qwen2ForCausalLM", "qwen2"),
                        new QwenFamily("Qwen3ForCausalLM", "qwen3"),
                        new GemmaFamily("Gemma2ForCausalLM", "gemma2", "gemma2"),
                        new GemmaFamily("Gemma3ForCausalLM", "gemma3_text", "gemma3"),
                        new Phi3Family(),
                        new Gpt2Family(),
                        new BertFamily());
        families.forEach(family -> table.put(family.checkpointClass(), family));
        return table;
    }

    /** The family of a config.json. */
    static Family of(JsonObject config) {
        List<?> classes = config.list("architectures");
        Object found = classes.isEmpty() ? null : classes.getFirst();
        Family family = BY_CLASS.get(String.valueOf(found));
        if (family == null) {
            family = byAlias(String.valueOf(found));
        }
        if (family == null) {
            throw new ConvertException(
                    "config.json: architectures: found "
                            + found
                            + ", which this version cannot convert; expected one of "
                            + String.join(", ", BY_CLASS.keySet()));
        }
        return family;
    }

    /** Classes with another head, or none, over the same network. */
    private static @Nullable Family byAlias(String checkpointClass) {
        return switch (checkpointClass) {
            case "LlamaModel" -> BY_CLASS.get("LlamaForCausalLM");
            case "MistralModel" -> BY_CLASS.get("MistralForCausalLM");
            case "Qwen2Model" -> BY_CLASS.get("Qwen2ForCausalLM");
            case "Qwen3Model" -> BY_CLASS.get("Qwen3ForCausalLM");
            case "GPT2Model" -> BY_CLASS.get("GPT2LMHeadModel");
            case "BertForMaskedLM" -> BY_CLASS.get("BertModel");
            default -> null;
        };
    }

    /** The family of a GGUF file. */
    static Family ofGguf(GgufKeys keys) {
        String architecture = keys.architecture();
        boolean mixture = keys.integer("expert_count", 0) > 0;
        for (Family family : BY_CLASS.values()) {
            if (family.architecture().equals(architecture)
                    && (!mixture || family.modelType().equals("mixtral"))) {
                return family;
            }
        }
        throw new ConvertException(
                "general.architecture: found "
                        + architecture
                        + (mixture ? " with experts" : "")
                        + ", which this version cannot convert back");
    }
}
