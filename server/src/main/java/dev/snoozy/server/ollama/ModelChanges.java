package dev.snoozy.server.ollama;

import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;

/**
 * Removes models and gives them other names, where the server was started so. Names are whole ones:
 * what is short and happens to fit is not removed.
 */
final class ModelChanges {
    private final Service service;

    ModelChanges(Service service) {
        this.service = service;
    }

    /** {@code DELETE /api/delete}. A model in memory leaves it first. */
    void delete(Exchange exchange) {
        Fields fields = exchange.fields();
        String field = fields.has("name") && !fields.has("model") ? "name" : "model";
        ModelFiles files = service.pool().files();
        ModelFiles.Entry entry = Names.entry(fields, field, files);
        Runnable removal = files.removal(entry);
        String asked = fields.requiredString(field);
        if (!Names.tagged(entry.name()).equals(Names.tagged(asked))) {
            throw new HttpProblem(
                    Kind.MODEL_NOT_FOUND,
                    "model '%s' not found; cure: the whole name, '%s'"
                            .formatted(asked, entry.name()));
        }
        service.pool().remove(entry, removal);
        exchange.text(200, "text/plain", "");
    }

    /** {@code POST /api/copy}. */
    void copy(Exchange exchange) {
        Fields fields = exchange.fields();
        ModelFiles files = service.pool().files();
        ModelFiles.Entry from = Names.entry(fields, "source", files);
        String to = fields.requiredString("destination");
        files.copy(from, Names.untagged(to));
        exchange.text(200, "text/plain", "");
    }
}
