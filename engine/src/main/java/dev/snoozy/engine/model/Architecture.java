package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The families this engine knows, by their GGUF name. A new one is one file and one line here. */
public final class Architecture {
    /** Makes a network of the weights of a file. */
    private interface Family extends BiFunction<ModelConfig, Weights, Transformer> {}

    private static final SortedMap<String, Family> FAMILIES = new TreeMap<>();

    static {
        FAMILIES.put("arcee", Llama::new);
        FAMILIES.put("baichuan", Llama::new);
        FAMILIES.put("bert", Bert::new);
        FAMILIES.put("bloom", Mpt::new);
        FAMILIES.put("chatglm", Glm::new);
        FAMILIES.put("codeshell", GptNeoX::new);
        FAMILIES.put("cohere2", Cohere::new);
        FAMILIES.put("command-r", Cohere::new);
        FAMILIES.put("ernie4_5", Llama::new);
        FAMILIES.put("exaone4", Olmo2::new);
        FAMILIES.put("falcon", GptNeoX::new);
        FAMILIES.put("gemma", Gemma::new);
        FAMILIES.put("gemma2", Gemma::new);
        FAMILIES.put("gemma3", Gemma::new);
        FAMILIES.put("gemma4", Gemma4::new);
        FAMILIES.put("glm4", Glm::new);
        FAMILIES.put("gpt2", Gpt2::new);
        FAMILIES.put("gptneox", GptNeoX::new);
        FAMILIES.put("granite", Llama::new);
        FAMILIES.put("hunyuan-dense", Qwen::new);
        FAMILIES.put("internlm2", Llama::new);
        FAMILIES.put("llama", Llama::new);
        FAMILIES.put("minicpm", Llama::new);
        FAMILIES.put("mistral3", Llama::new);
        FAMILIES.put("modern-bert", ModernBert::new);
        FAMILIES.put("mpt", Mpt::new);
        FAMILIES.put("nemotron", GptNeoX::new);
        FAMILIES.put("nomic-bert", NomicBert::new);
        FAMILIES.put("olmo2", Olmo2::new);
        FAMILIES.put("orion", GptNeoX::new);
        FAMILIES.put("phi2", GptNeoX::new);
        FAMILIES.put("phi3", Phi3::new);
        FAMILIES.put("qwen2", Qwen::new);
        FAMILIES.put("qwen2vl", Qwen::new);
        FAMILIES.put("qwen3", Qwen::new);
        FAMILIES.put("qwen3vl", Qwen::new);
        FAMILIES.put("seed_oss", Qwen::new);
        FAMILIES.put("smollm3", Llama::new);
        FAMILIES.put("stablelm", GptNeoX::new);
        FAMILIES.put("starcoder", Gpt2::new);
        FAMILIES.put("starcoder2", GptNeoX::new);
        FAMILIES.put("xverse", Llama::new);
    }

    /**
     * A network over the weights of a file.
     *
     * @param multiplied the weights that products are asked of, by their names, in the order in
     *     which they were taken
     * @param weights all, by their names
     */
    public record Bound(
            Transformer network, Map<String, Tensor> multiplied, Map<String, Tensor> weights) {
        public Bound {
            multiplied = Collections.unmodifiableMap(new LinkedHashMap<>(multiplied));
            weights = Map.copyOf(weights);
        }
    }

    private Architecture() {}

    /** The names of the known architectures, sorted. */
    public static List<String> names() {
        return List.copyOf(FAMILIES.keySet());
    }

    /**
     * Binds the weights of a file to its network.
     *
     * @throws ModelException if the architecture is unknown, or tensors are missing, misshapen or
     *     left over
     */
    public static Bound bind(GgufFile file, ModelConfig config, Kernels kernels) {
        Family family = FAMILIES.get(config.architecture());
        if (family == null) {
            throw unknown(config.architecture());
        }
        Weights weights = new Weights(file, kernels);
        Transformer network = family.apply(config, weights);
        weights.refuseLeftovers();
        return new Bound(network, weights.multiplied(), weights.taken());
    }

    /** Refuses an unknown name with the nearest known ones. */
    public static void requireKnown(String name) {
        if (!FAMILIES.containsKey(name)) {
            throw unknown(name);
        }
    }

    private static ModelException unknown(String name) {
        List<String> near =
                FAMILIES.keySet().stream()
                        .sorted(Comparator.comparingInt(known -> distance(name, known)))
                        .limit(3)
                        .toList();
        return new ModelException(
                "general.architecture: found \""
                        + name
                        + "\", which this version does not know; near names: "
                        + String.join(", ", near)
                        + "; all: "
                        + String.join(", ", FAMILIES.keySet()));
    }

    /** Levenshtein's distance of two short names. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
