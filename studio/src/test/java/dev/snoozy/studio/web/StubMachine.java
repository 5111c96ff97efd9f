package dev.snoozy.studio.web;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The models, the jobs and the machine of the stub. */
final class StubMachine extends StubPart {
    private final ArrayNode models = Json.array();

    StubMachine(StubState state) {
        on("GET", "models", (x, m) -> x.json(Json.object().set("models", models)));
        model("stub-model", 1_200_000_000L, true);
        model("other-model-with-a-long-name-q4_k_m", 4_700_000_000L, false);
    }

    private void model(String name, long bytes, boolean loaded) {
        ObjectNode model = models.addObject().put("name", name).put("file", name + ".gguf");
        model.put("bytes", bytes).put("quant", "Q4_K_M").put("parameters", 1_500_000_000L);
        model.put("architecture", "llama").put("contextLength", 4096).put("loaded", loaded);
        model.put("source", "store");
        model.putObject("speed").put("pp", 210.5).put("tg", 31.2);
    }
}
