package dev.snoozy.compress.convert;

import java.util.LinkedHashMap;
import java.util.Map;

/** The metadata of a model in the making; keys without a dot belong to its architecture. */
final class Keys {
    private final String architecture;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Keys(String architecture) {
        this.architecture = architecture;
        values.put("general.architecture", architecture);
    }

    /** A key of the architecture. */
    Keys own(String key, Object value) {
        values.put(architecture + "." + key, value);
        return this;
    }

    /** A key by its whole name. */
    Keys put(String key, Object value) {
        values.put(key, value);
        return this;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Map<String, Object> values() {
        return values;
    }
}
