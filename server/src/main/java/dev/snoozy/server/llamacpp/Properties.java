package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.tokenizer.Vocabulary;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** {@code GET /props} and {@code GET /slots}: how the server runs, and what it is at. */
final class Properties {
    private static final String GGUF = ".gguf";

    private final Service service;

    Properties(Service service) {
        this.service = service;
    }

    void props(Exchange exchange) {
        try (ModelPool.Lease lease = service.pool().use(exchange.query("model"))) {
            LoadedEntry model = lease.model();
            ObjectNode settings = Json.object();
            settings.put("id", 0);
            settings.put("n_ctx", model.contextLength());
            settings.put("speculative", speculative());
            settings.put("is_processing", false);
            settings.set("params", Settings.of(service.generation()));
            ObjectNode answer = Json.object();
            answer.set("default_generation_settings", settings);
            answer.put("total_slots", service.pool().options().parallel());
            answer.put("model_alias", lease.name());
            answer.put("model_path", fileName(lease.name()));
            answer.put("chat_template", template(model));
            Vocabulary vocabulary = model.tokenizer().vocabulary();
            answer.put("bos_token", piece(vocabulary, vocabulary.bos()));
            answer.put("eos_token", piece(vocabulary, vocabulary.eos()));
            answer.put("build_info", "snoozy");
            exchange.json(answer);
        }
    }

    /** The name of the model as a file: where it lies is nobody's business. */
    private static String fileName(String name) {
        return name.endsWith(GGUF) ? name : name + GGUF;
    }

    private static String template(LoadedEntry model) {
        return model instanceof LoadedEntry.Writer(LanguageModel writer)
                ? writer.chatTemplateSource()
                : "";
    }

    private static String piece(Vocabulary vocabulary, int id) {
        return id < 0 ? "" : vocabulary.piece(id);
    }

    void slots(Exchange exchange) {
        if (!service.llamaCpp().slots()) {
            throw new HttpProblem(
                    Kind.NOT_SUPPORTED, "/slots is not answered; cure: start with --slots");
        }
        int count = service.pool().options().parallel();
        List<ModelPool.Status> models = service.pool().loaded();
        int busy = models.stream().mapToInt(ModelPool.Status::active).sum();
        int context = models.isEmpty() ? 0 : models.getFirst().model().contextLength();
        if (busy >= count && exchange.query("fail_on_no_slot").equals("1")) {
            throw new HttpProblem(Kind.UNAVAILABLE, "no slot available");
        }
        ArrayNode slots = Json.array();
        for (int i = 0; i < count; i++) {
            slots.addObject()
                    .put("id", i)
                    .put("n_ctx", context)
                    .put("speculative", speculative())
                    .put("is_processing", i < busy);
        }
        exchange.json(slots);
    }

    private boolean speculative() {
        return service.pool().options().load().speculation().tokens() > 0;
    }
}
