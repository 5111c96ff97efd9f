package dev.snoozy.server.ollama;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Ollama tells of a model in a list. Immutable.
 *
 * @param family its architecture
 * @param parameterSize how many weights it has, in short; may be empty
 * @param quantization the name of its file type; may be empty
 */
record ModelDetails(String family, String parameterSize, String quantization) {
    private static final double THOUSAND = 1e3;
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;

    /** The numbers of {@code general.file_type} (GGUF specification) whose tensors are mixed. */
    private static final Map<Integer, String> MIXTURES =
            Map.ofEntries(
                    Map.entry(10, "Q2_K"),
                    Map.entry(11, "Q3_K_S"),
                    Map.entry(12, "Q3_K_M"),
                    Map.entry(13, "Q3_K_L"),
                    Map.entry(14, "Q4_K_S"),
                    Map.entry(15, "Q4_K_M"),
                    Map.entry(16, "Q5_K_S"),
                    Map.entry(17, "Q5_K_M"),
                    Map.entry(18, "Q6_K"),
                    Map.entry(19, "IQ2_XXS"),
                    Map.entry(20, "IQ2_XS"),
                    Map.entry(21, "Q2_K_S"),
                    Map.entry(22, "IQ3_XS"),
                    Map.entry(23, "IQ3_XXS"),
                    Map.entry(24, "IQ1_S"),
                    Map.entry(25, "IQ4_NL"),
                    Map.entry(26, "IQ3_S"),
                    Map.entry(27, "IQ3_M"),
                    Map.entry(28, "IQ2_S"),
                    Map.entry(29, "IQ2_M"),
                    Map.entry(30, "IQ4_XS"),
                    Map.entry(31, "IQ1_M"));

    /** Nothing is known. */
    static final ModelDetails NONE = new ModelDetails("", "", "");

    /**
     * The details of a file.
     *
     * @throws IOException if it cannot be read
     * @throws FormatException if it is not a sound GGUF file
     */
    static ModelDetails of(Path path) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            long weights = file.tensors().stream().mapToLong(TensorInfo::elements).sum();
            return new ModelDetails(
                    family(file.metadata()),
                    shortened(weights),
                    quantization(file.metadata(), file.tensors()));
        }
    }

    /** The details of a model whose file is out of reach. */
    static ModelDetails of(Metadata metadata) {
        return new ModelDetails(
                family(metadata),
                text(metadata, "general.size_label"),
                quantization(metadata, List.of()));
    }

    private static String family(Metadata metadata) {
        return text(metadata, "general.architecture");
    }

    private static String text(Metadata metadata, String key) {
        return metadata.get(key) instanceof String text ? text : "";
    }

    private static String quantization(Metadata metadata, Collection<TensorInfo> tensors) {
        int type = metadata.get("general.file_type") instanceof Integer number ? number : -1;
        String mixture = MIXTURES.getOrDefault(type, "");
        if (!mixture.isEmpty()) {
            return mixture;
        }
        Map<TensorType, Long> elements = new EnumMap<>(TensorType.class);
        for (TensorInfo tensor : tensors) {
            elements.merge(tensor.type(), tensor.elements(), Long::sum);
        }
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> most.getKey().name())
                .orElse("");
    }

    private static String shortened(long weights) {
        if (weights >= BILLION) {
            return String.format(Locale.ROOT, "%.1fB", weights / BILLION);
        }
        return weights >= MILLION
                ? String.format(Locale.ROOT, "%.2fM", weights / MILLION)
                : String.format(Locale.ROOT, "%.0fK", weights / THOUSAND);
    }

    ObjectNode node() {
        ObjectNode node = Json.object();
        node.put("parent_model", "");
        node.put("format", "gguf");
        node.put("family", family);
        node.putArray("families").add(family);
        node.put("parameter_size", parameterSize);
        node.put("quantization_level", quantization);
        return node;
    }
}
