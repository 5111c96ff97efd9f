package dev.snoozy.curate.records;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How published sets write their rows; recognised by the fields that are there. */
public enum Layout {
    /** {@code messages} of {@code role} and {@code content}; also what Snoozy writes. */
    OPENAI,
    /** {@code conversations} of {@code from} and {@code value}. */
    SHAREGPT,
    /** {@code instruction} with {@code instances} of {@code input} and {@code output}. */
    SELF_INSTRUCT,
    /** {@code instruction}, {@code input}, {@code output} and the short {@code answer}. */
    LLM_ADAPTERS,
    /** {@code instruction}, {@code input}, {@code output}. */
    ALPACA,
    /** {@code instruction}, {@code context}, {@code response}. */
    DOLLY,
    /** {@code instruction}, {@code input}, {@code response}. */
    GPTEACHER,
    /** A tree of messages; the path of the best replies is taken. */
    OASST_TREE,
    /** {@code prompt} with {@code results} that have {@code outputs} each. */
    OASST_EVALUATION,
    /** {@code prompt} and {@code completion}, or {@code inputs} and {@code targets}. */
    T0,
    /** {@code prompt} and {@code response}, texts or objects with {@code value}. */
    GPT4ALL,
    /** {@code question} and {@code answer}. */
    GSM8K;

    private static final String END_OF_TEXT = "<|endoftext|>";

    /**
     * The layout of an object.
     *
     * @throws UnknownLayoutException if none fits
     */
    public static Layout of(JsonNode row) throws UnknownLayoutException {
        if (row.path("messages").isArray()) {
            return OPENAI;
        }
        if (row.path("conversations").isArray() || row.path("conversation").isArray()) {
            return SHAREGPT;
        }
        if (row.has("instruction")) {
            return ofInstruction(row);
        }
        if (row.path("prompt").isObject() && row.path("prompt").has("replies")) {
            return OASST_TREE;
        }
        if (row.has("prompt") && row.path("results").isArray()) {
            return OASST_EVALUATION;
        }
        if (row.has("prompt") && row.has("completion") || row.has("inputs") && row.has("targets")) {
            return T0;
        }
        if (row.has("prompt") && row.has("response")) {
            return GPT4ALL;
        }
        if (row.has("question") && row.has("answer")) {
            return GSM8K;
        }
        throw new UnknownLayoutException(unknown(row));
    }

    private static Layout ofInstruction(JsonNode row) throws UnknownLayoutException {
        if (row.path("instances").isArray()) {
            return SELF_INSTRUCT;
        }
        if (row.has("output")) {
            return row.has("answer") ? LLM_ADAPTERS : ALPACA;
        }
        if (row.has("response")) {
            return row.has("context") ? DOLLY : GPTEACHER;
        }
        throw new UnknownLayoutException(unknown(row));
    }

    private static String unknown(JsonNode row) {
        if (!row.isObject()) {
            return "expected an object, found "
                    + row.getNodeType().toString().toLowerCase(Locale.ROOT);
        }
        if (row.has("parent_id") && row.has("text")) {
            return "a single message of OASST; cure: take the file with whole trees";
        }
        List<String> fields = new ArrayList<>(row.propertyNames());
        return "no known layout has the fields "
                + fields.subList(0, Math.min(fields.size(), 10))
                + "; cure: rename them to prompt and response";
    }

    /** The rows that an object holds: one, or several of self-instruct and OASST. */
    public List<DataRecord> read(JsonNode row) {
        return switch (this) {
            case OPENAI -> List.of(Conversations.openAi(row));
            case SHAREGPT -> List.of(Conversations.shareGpt(row));
            case OASST_TREE -> List.of(Conversations.tree(row));
            case SELF_INSTRUCT -> instances(row);
            case OASST_EVALUATION -> evaluation(row);
            case LLM_ADAPTERS, ALPACA ->
                    one(
                            row,
                            joined(text(row, "instruction"), text(row, "input")),
                            text(row, "output"));
            case DOLLY ->
                    one(
                            row,
                            joined(text(row, "instruction"), text(row, "context")),
                            text(row, "response"));
            case GPTEACHER ->
                    one(
                            row,
                            joined(text(row, "instruction"), text(row, "input")),
                            text(row, "response"));
            case T0 ->
                    row.has("completion")
                            ? one(row, text(row, "prompt"), ended(text(row, "completion")))
                            : one(row, text(row, "inputs"), ended(text(row, "targets")));
            case GPT4ALL -> one(row, value(row.path("prompt")), value(row.path("response")));
            case GSM8K -> one(row, text(row, "question"), text(row, "answer"));
        };
    }

    private static List<DataRecord> one(JsonNode row, String prompt, String response) {
        return List.of(record(row, prompt, response));
    }

    private static DataRecord record(JsonNode row, String prompt, String response) {
        return new DataRecord(
                List.of(
                        new Message(DataRecord.USER, prompt),
                        new Message(DataRecord.ASSISTANT, response)),
                text(row, "source"),
                licence(row),
                meta(row));
    }

    static String licence(JsonNode row) {
        return row.has("licence") ? text(row, "licence") : text(row, "license");
    }

    /** What later steps look at. */
    static Map<String, String> meta(JsonNode row) {
        Map<String, String> meta = new TreeMap<>();
        row.path("meta")
                .properties()
                .forEach(e -> meta.put(e.getKey(), DataRecord.text(e.getValue())));
        for (String name : List.of("category", "finish_reason", "lang")) {
            if (row.has(name)) {
                meta.put(name, text(row, name));
            }
        }
        return meta;
    }

    private static List<DataRecord> instances(JsonNode row) {
        List<DataRecord> all = new ArrayList<>();
        for (JsonNode instance : row.path("instances")) {
            String prompt = joined(text(row, "instruction"), text(instance, "input"));
            all.add(record(row, prompt, text(instance, "output")));
        }
        return all;
    }

    private static List<DataRecord> evaluation(JsonNode row) {
        List<DataRecord> all = new ArrayList<>();
        for (JsonNode result : row.path("results")) {
            for (JsonNode output : result.path("outputs")) {
                all.add(record(row, text(row, "prompt"), ended(DataRecord.text(output))));
            }
        }
        return all;
    }

    private static String joined(String instruction, String input) {
        return input.isBlank() ? instruction : instruction + "\n\n" + input;
    }

    private static String ended(String text) {
        return text.endsWith(END_OF_TEXT)
                ? text.substring(0, text.length() - END_OF_TEXT.length())
                : text;
    }

    /** A text, or of an object its value or description, as GPT4All's own cleaning took it. */
    private static String value(JsonNode node) {
        if (node.isObject()) {
            JsonNode value = node.has("value") ? node.path("value") : node.path("description");
            return value.isString() ? value.asString() : "";
        }
        return node.isString() ? node.asString() : "";
    }

    static String text(JsonNode row, String field) {
        return DataRecord.text(row.path(field));
    }
}
