package dev.snoozy.server.embed;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.StringNode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Vectors in an answer. */
enum VectorJson {
    /** Numbers. */
    FLOAT,
    /** Base64 of 32-bit floats, the lowest byte first. */
    BASE64;

    /** What a request asks for. */
    static VectorJson read(Fields fields) {
        String format = fields.string("encoding_format").orElse("float");
        return switch (format) {
            case "float" -> FLOAT;
            case "base64" -> BASE64;
            default ->
                    throw fields.invalid(
                            "encoding_format", "expected float or base64, found " + format);
        };
    }

    JsonNode write(float[] vector) {
        if (this == BASE64) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            return StringNode.valueOf(Base64.getEncoder().encodeToString(bytes.array()));
        }
        ArrayNode array = Json.array();
        for (float number : vector) {
            array.add(number);
        }
        return array;
    }

    /** An array of vectors. */
    ArrayNode write(List<float[]> vectors) {
        ArrayNode array = Json.array();
        vectors.forEach(vector -> array.add(write(vector)));
        return array;
    }
}
