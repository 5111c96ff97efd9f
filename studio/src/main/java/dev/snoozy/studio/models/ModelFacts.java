package dev.snoozy.studio.models;

import dev.snoozy.compress.Mixture;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the files of models say of them, each read once for as long as it stays the same. */
final class ModelFacts {
    private static final String FILE_TYPE = "general.file_type";

    private final MemoryCheck memory;
    private final Map<ModelFiles.Entry, ObjectNode> known = new ConcurrentHashMap<>();

    ModelFacts(MemoryCheck memory) {
        this.memory = memory;
    }

    /** The facts; where the file is no sound model, {@code why}. */
    ObjectNode of(ModelFiles.Entry entry) {
        return known.computeIfAbsent(entry, this::read).deepCopy();
    }

    private ObjectNode read(ModelFiles.Entry entry) {
        ObjectNode node = Json.object();
        try (GgufFile file = GgufFile.open(entry.file())) {
            String architecture = file.metadata().string("general.architecture", "");
            node.put("architecture", architecture);
            node.put("title", file.metadata().string("general.name", ""));
            node.put("quant", quant(file));
            node.put("parameters", file.tensors().stream().mapToLong(TensorInfo::elements).sum());
            node.put("contextLength", file.metadata().integer(architecture + ".context_length", 0));
            node.put("chatTemplate", file.metadata().has("tokenizer.chat_template"));
            node.put("license", file.metadata().string("general.license", ""));
            node.set("fit", memory.of(file));
        } catch (IOException | FormatException e) {
            node.put("why", "this file is no sound model: " + e.getMessage());
        }
        return node;
    }

    private static String quant(GgufFile file) {
        int number = file.metadata().integer(FILE_TYPE, -1);
        return Mixture.all().stream()
                .filter(mixture -> mixture.fileType() == number)
                .findFirst()
                .map(Mixture::name)
                .orElseGet(() -> mostElements(file));
    }

    private static String mostElements(GgufFile file) {
        Map<TensorType, Long> elements = new EnumMap<>(TensorType.class);
        for (TensorInfo tensor : file.tensors()) {
            elements.merge(tensor.type(), tensor.elements(), Long::sum);
        }
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> entry.getKey().name())
                .orElse("");
    }
}
