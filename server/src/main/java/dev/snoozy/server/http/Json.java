package dev.snoozy.server.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** JSON in and out, compact. */
public final class Json {
    /** Deep enough for any schema, and shallow enough for the stack. */
    private static final int DEEPEST = 200;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .build();

    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An empty array. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /**
     * Reads the body of a request.
     *
     * @throws HttpProblem if it is not JSON in UTF-8
     */
    public static JsonNode read(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return parse(text);
        } catch (CharacterCodingException e) {
            throw new HttpProblem(
                    HttpProblem.Kind.INVALID_REQUEST,
                    "the body: expected UTF-8, found other bytes");
        }
    }

    /**
     * Reads JSON text.
     *
     * @throws HttpProblem if it is none
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new HttpProblem(
                        HttpProblem.Kind.INVALID_REQUEST, "the body: expected JSON, found nothing");
            }
            return node;
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation(); // null where a limit was exceeded
            throw new HttpProblem(
                    HttpProblem.Kind.INVALID_REQUEST,
                    "the body is not sound JSON: "
                            + e.getOriginalMessage()
                            + (place == null
                                    ? ""
                                    : " (line "
                                            + place.getLineNr()
                                            + ", column "
                                            + place.getColumnNr()
                                            + ")"));
        }
    }

    /** Compact JSON. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** Compact JSON in UTF-8. */
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** What a node is, in a word. */
    public static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
