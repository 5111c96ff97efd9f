package dev.snoozy.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the commands read and write it. */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** One JSON value, indented. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The mapper, for reading. */
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
