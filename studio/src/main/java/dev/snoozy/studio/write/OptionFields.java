package dev.snoozy.studio.write;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of an answer as the page has them: by the names of the server's other interfaces. A
 * name that nobody knows is refused rather than ignored.
 */
public final class OptionFields {
    private static final Set<String> NAMES =
            Set.of(
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_p",
                    "typical_p",
                    "repeat_penalty",
                    "repeat_last_n",
                    "frequency_penalty",
                    "presence_penalty",
                    "dry_multiplier",
                    "dry_base",
                    "dry_allowed_length",
                    "dry_penalty_last_n",
                    "dry_sequence_breakers",
                    "xtc_probability",
                    "xtc_threshold",
                    "mirostat",
                    "mirostat_tau",
                    "mirostat_eta",
                    "logit_bias",
                    "ignore_eos",
                    "max_tokens",
                    "seed",
                    "stop",
                    "grammar",
                    "json_schema",
                    "response_format",
                    "context_policy",
                    "enable_thinking");

    /** The collections of documents that a chat is answered from. */
    public static final String DOCUMENTS = "documents";

    private static final int MOST_COLLECTIONS = 16;

    private OptionFields() {}

    /** As {@link #read}, with collections of documents, which chats may have. */
    public static ObjectNode readOfChat(Fields fields, String name) {
        ObjectNode options =
                fields.fields(name).map(Fields::node).orElseGet(Json::object).deepCopy();
        JsonNode documents = options.remove(DOCUMENTS);
        ObjectNode read = read(new Fields(Json.object().set(name, options)), name);
        if (documents != null && !documents.isNull()) {
            new Fields(Json.object().set(DOCUMENTS, documents))
                    .strings(DOCUMENTS, MOST_COLLECTIONS); // refuses what are no names
        }
        if (documents != null) {
            read.set(DOCUMENTS, documents); // null takes them back
        }
        return read;
    }

    /**
     * The options in a field, all of whose names are known.
     *
     * @return none if the field is not there
     */
    public static ObjectNode read(Fields fields, String name) {
        ObjectNode options =
                fields.fields(name).map(Fields::node).orElseGet(Json::object).deepCopy();
        for (String option : options.propertyNames()) {
            if (!NAMES.contains(option)) {
                throw HttpProblem.invalid(
                        name + "." + option,
                        "expected one of " + new TreeSet<>(NAMES) + ", found another name");
            }
        }
        policy(options);
        return options;
    }

    /** Options over others; null takes one back. */
    public static ObjectNode over(ObjectNode below, ObjectNode above) {
        ObjectNode all = below.deepCopy();
        above.properties()
                .forEach(entry -> {
                    if (entry.getValue().isNull()) {
                        all.remove(entry.getKey());
                    } else {
                        all.set(entry.getKey(), entry.getValue());
                    }
                });
        return all;
    }

    /** What becomes of a conversation that is too long: the oldest turns go, and it is said. */
    public static ContextPolicy policy(ObjectNode options) {
        String name = new Fields(options).string("context_policy").orElse("drop_oldest");
        try {
            return ContextPolicy.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.invalid(
                    "context_policy",
                    "expected one of "
                            + Arrays.toString(ContextPolicy.values()).toLowerCase(Locale.ROOT)
                            + ", found "
                            + name);
        }
    }

    /** Variables of the chat template. */
    public static Map<String, Object> templateVariables(ObjectNode options) {
        Fields fields = new Fields(options);
        return fields.has("enable_thinking")
                ? Map.of("enable_thinking", fields.bool("enable_thinking", true))
                : Map.of();
    }
}
