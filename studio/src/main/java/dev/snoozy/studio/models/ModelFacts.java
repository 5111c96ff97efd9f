package dev.snoozy.studio.models;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.hub.ModelHeader;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the files of models say of them, each read once for as long as it stays the same. */
final class ModelFacts {
    private final MemoryCheck memory;
    private final Map<ModelFiles.Entry, Facts> known = new ConcurrentHashMap<>();

    ModelFacts(MemoryCheck memory) {
        this.memory = memory;
    }

    /** What stays the same, and what depends on the memory that is free. */
    private record Facts(ObjectNode node, MemoryCheck.Verdict fit) {
        ObjectNode now() {
            ObjectNode all = node.deepCopy();
            if (!all.has("why")) {
                all.set("fit", fit.now());
            }
            return all;
        }
    }

    /** The facts; where the file is no sound model, {@code why}. */
    ObjectNode of(ModelFiles.Entry entry) {
        return known.computeIfAbsent(entry, this::read).now();
    }

    private Facts read(ModelFiles.Entry entry) {
        ObjectNode node = Json.object();
        try (GgufFile file = GgufFile.open(entry.file())) {
            ModelHeader header = ModelHeader.of(file, any -> 0);
            if (file.metadata().string("general.type", "").equals("adapter")) {
                node.put("adapter", true);
            }
            node.put("architecture", header.architecture());
            node.put("title", file.metadata().string("general.name", ""));
            node.put("quant", header.quantization());
            node.put("parameters", header.parameters());
            node.put("contextLength", header.contextLength());
            node.put("chatTemplate", file.metadata().has("tokenizer.chat_template"));
            node.put("license", file.metadata().string("general.license", ""));
            return new Facts(node, memory.of(file));
        } catch (IOException | FormatException e) {
            node.put("why", "this file is no sound model: " + e.getMessage());
        }
        return new Facts(node, Json::object);
    }
}
