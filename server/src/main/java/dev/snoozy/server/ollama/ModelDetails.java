package dev.snoozy.server.ollama;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.hub.ModelHeader;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

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
            ModelHeader header = ModelHeader.of(file, any -> 0);
            return new ModelDetails(
                    header.architecture(), shortened(header.parameters()), header.quantization());
        }
    }

    /** The details of a model whose file is out of reach. */
    static ModelDetails of(Metadata metadata) {
        return new ModelDetails(
                text(metadata, "general.architecture"),
                text(metadata, "general.size_label"),
                ModelHeader.quantization(metadata));
    }

    private static String text(Metadata metadata, String key) {
        return metadata.get(key) instanceof String text ? text : "";
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
