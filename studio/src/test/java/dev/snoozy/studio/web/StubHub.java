package dev.snoozy.studio.web;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What can be had at the stub. */
final class StubHub extends StubPart {
    private static final long FREE = 4_000_000_000L;

    StubHub() {
        on("GET", "catalogue", (x, m) -> x.json(catalogue()));
        on("GET", "hub/search", (x, m) -> x.json(found()));
        on("GET", "hub/repository", (x, m) -> x.json(repository(x.query("name"))));
    }

    private static ObjectNode catalogue() {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("models");
        model(list, "Small One 1B", 1_240_000_000L, "chat", "small");
        model(list, "Middle One 8B", 8_030_000_000L, "chat", "languages", "reasoning");
        model(list, "Coder 7B with a Long Name", 7_600_000_000L, "code");
        model(list, "Vectors 137M", 137_000_000L, "search", "small");
        return node;
    }

    private static void model(ArrayNode list, String title, long parameters, String... purposes) {
        ObjectNode model = list.addObject().put("title", title);
        model.put("repository", "somebody/" + title.replace(' ', '-') + "-Instruct-GGUF");
        model.put("license", "apache-2.0").put("parameters", parameters);
        model.put("contextLength", 131_072);
        ArrayNode all = model.putArray("purposes");
        List.of(purposes).forEach(all::add);
        ArrayNode offers = model.putArray("offers");
        offers.add(offer(model.path("repository").asString(), "Q4_K_M", parameters * 6 / 10));
        offers.add(offer(model.path("repository").asString(), "Q8_0", parameters * 11 / 10));
    }

    private static ObjectNode offer(String repository, String quantization, long bytes) {
        ObjectNode offer = Json.object().put("quantization", quantization);
        offer.put("reference", repository + ":" + quantization);
        offer.put("bytes", bytes).put("here", false);
        long need = bytes + 400_000_000L;
        offer.putObject("fit")
                .put("need", need)
                .put("free", FREE)
                .put("fits", need <= FREE)
                .put("verdict", need <= FREE ? "fits" : need < 6e9 ? "mapped" : "too_large")
                .put("basis", "size");
        return offer;
    }

    private static ObjectNode found() {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("repositories");
        for (String name :
                List.of("somebody/Small-GGUF", "an-organisation/A-Model-With-Terms-GGUF")) {
            list.addObject()
                    .put("name", name)
                    .put("downloads", 123_456)
                    .put("likes", 7)
                    .put("license", "apache-2.0")
                    .put("gated", name.contains("Terms"));
        }
        return node;
    }

    private static ObjectNode repository(String name) {
        ObjectNode node = Json.object().put("name", name).put("license", "apache-2.0");
        node.put("gated", name.contains("Terms")).put("architecture", "llama");
        node.put("supported", !name.contains("Terms"));
        ArrayNode offers = node.putArray("offers");
        long[] sizes = {1_900_000_000L, 4_900_000_000L, 8_500_000_000L};
        String[] quantizations = {"Q2_K", "Q4_K_M", "Q8_0"};
        for (int i = 0; i < sizes.length; i++) {
            ObjectNode offer = offer(name, quantizations[i], sizes[i]);
            ArrayNode files = offer.putArray("files");
            for (int part = 0; part <= i; part++) {
                files.addObject().put("name", quantizations[i] + ".gguf").put("bytes", sizes[i]);
            }
            offer.put("here", i == 0);
            offers.add(offer);
        }
        return node;
    }
}
