package dev.snoozy.compress.convert.family;

import java.util.LinkedHashMap;
import java.util.Map;

/** The metadata of a model in the making; keys without a dot belong to its architecture. */
public final class Keys {
    private final String architecture;
    private final Map<String, Object> values = new LinkedHashMap<>();

    public Keys(String architecture) {
        this.architecture = architecture;
        values.put("general.architecture", architecture);
    }

    /** A key of the architecture. */
    public Keys own(String key, Object value) {
        values.put(architecture + "." + key, value);
        return this;
    }

    /** A key by its whole name. */
    public Keys put(String key, Object value) {
        values.put(key, value);
        return this;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public Map<String, Object> values() {
        return values;
    }
}
