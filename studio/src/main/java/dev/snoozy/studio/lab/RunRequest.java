package dev.snoozy.studio.lab;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Runs;
import dev.snoozy.studio.write.AdapterFields;
import dev.snoozy.studio.write.AdapterFiles;
import dev.snoozy.studio.write.Alternative;
import dev.snoozy.studio.write.OptionFields;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** Reads what a run is asked to do, into the form in which it is kept and can be repeated. */
final class RunRequest {
    private static final Set<String> KINDS = Set.of("compare", "sweep", "batch", "tokens");
    private static final int MOST_PROMPTS = 10_000;
    private static final int MOST_COLUMNS = 256;
    private static final int MOST_ROUNDS = 100;
    private static final int MOST_CELLS = 20_000;

    private RunRequest() {}

    /**
     * The request with all of its parts: prompts, system, columns, rounds, plain, tokens, begun.
     */
    static ObjectNode read(Fields fields, Runs runs, AdapterFiles files) {
        String kind = fields.requiredString("kind");
        if (!KINDS.contains(kind)) {
            throw fields.invalid("kind", "expected compare, sweep, batch or tokens, found " + kind);
        }
        ObjectNode request = Json.object();
        ArrayNode prompts = request.putArray("prompts");
        String field = fields.has("prompts") ? "prompts" : "prompt";
        List<String> texts = fields.strings(field, MOST_PROMPTS);
        if (texts.isEmpty()) {
            throw fields.missing("prompts");
        }
        texts.forEach(prompts::add);
        request.put("system", fields.string("system").orElse(""));
        ArrayNode columns = request.putArray("columns");
        for (Fields column : fields.objects("columns", MOST_COLUMNS)) {
            ObjectNode node = columns.addObject();
            node.put("model", column.string("model").orElse(""));
            node.put("label", column.string("label").orElse(""));
            node.set("options", OptionFields.read(column, "options"));
            ArrayNode adapters = AdapterFields.read(column, files);
            if (!adapters.isEmpty()) {
                node.set("adapters", adapters);
            }
        }
        if (columns.isEmpty()) {
            throw fields.missing("columns");
        }
        int rounds = fields.integer("repeat", 1, MOST_ROUNDS, 1);
        request.put("rounds", rounds);
        if ((long) texts.size() * columns.size() * rounds > MOST_CELLS) {
            throw fields.invalid(
                    "columns",
                    "expected at most " + MOST_CELLS + " answers, found more; cure: fewer of both");
        }
        request.put("plain", fields.bool("plain", false));
        request.put("tokens", fields.bool("tokens", kind.equals("tokens")));
        fields.fields("from").ifPresent(from -> request.set("begun", begun(from, runs)));
        return request;
    }

    /** The beginning of an answer of another run, with one token exchanged. */
    private static ArrayNode begun(Fields from, Runs runs) {
        JsonNode tokens =
                runs.cell(from.requiredString("cell"))
                        .map(cell -> cell.result().path("tokens"))
                        .orElseThrow(() -> from.invalid("cell", "expected a cell of a run"));
        if (!(tokens instanceof ArrayNode known)) {
            throw HttpProblem.invalid("cell", "expected one whose tokens were kept");
        }
        return Alternative.of(
                known,
                from.integer("index", 0, Integer.MAX_VALUE)
                        .orElseThrow(() -> from.missing("index")),
                from.integer("token", 0, Integer.MAX_VALUE)
                        .orElseThrow(() -> from.missing("token")));
    }

    /** What a column is called where answers are rated. */
    static String name(JsonNode column, String model) {
        String label = column.path("label").asString("");
        if (!label.isBlank()) {
            return label;
        }
        StringBuilder name = new StringBuilder(model);
        for (JsonNode adapter : column.path("adapters")) {
            name.append(" + ").append(adapter.path("name").asString(""));
            double scale = adapter.path("scale").asDouble(1);
            if (scale != 1) {
                name.append(" × ").append(Json.text(adapter.path("scale")));
            }
        }
        for (var option : column.path("options").properties()) {
            if (!option.getKey().equals("seed") && !option.getKey().equals("max_tokens")) {
                name.append(" · ").append(option.getKey()).append(' ');
                name.append(Json.text(option.getValue()));
            }
        }
        return name.toString();
    }
}
