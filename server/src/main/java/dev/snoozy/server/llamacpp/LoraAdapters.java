package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.Adapter;
import dev.snoozy.engine.AdapterUse;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.generate.AdapterFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** {@code /lora-adapters}: those of the model, and their usual scales. */
final class LoraAdapters {
    private final Service service;

    LoraAdapters(Service service) {
        this.service = service;
    }

    void list(Exchange exchange) {
        try (ModelPool.Lease lease = service.pool().use(exchange.query("model"))) {
            LanguageModel model = Service.writer(lease);
            ArrayNode list = Json.array();
            int id = 0;
            for (Adapter adapter : model.adapters()) {
                float scale = 0;
                for (AdapterUse use : model.usualAdapters()) {
                    scale += use.adapter() == adapter ? use.scale() : 0;
                }
                list.addObject().put("id", id++).put("path", adapter.name()).put("scale", scale);
            }
            exchange.json(list);
        }
    }

    /** Sets the usual scales: of those that are not named, 0. Texts in progress keep theirs. */
    void set(Exchange exchange) {
        JsonNode body = exchange.body();
        if (!(body instanceof ArrayNode array)) {
            throw HttpProblem.invalid(
                    "the body", "expected an array of {id, scale}, found " + Json.kind(body));
        }
        List<Fields> wanted = new ArrayList<>();
        for (JsonNode one : array) {
            if (!(one instanceof ObjectNode object)) {
                throw HttpProblem.invalid(
                        "the body", "expected objects {id, scale}, found " + Json.kind(one));
            }
            wanted.add(new Fields(object));
        }
        try (ModelPool.Lease lease = service.pool().use(exchange.query("model"))) {
            LanguageModel model = Service.writer(lease);
            List<AdapterUse> uses = AdapterFields.read(wanted, model);
            Generations.asked(() -> {
                model.useAdapters(uses);
                return uses;
            });
            exchange.json(Json.object().put("success", true));
        }
    }
}
