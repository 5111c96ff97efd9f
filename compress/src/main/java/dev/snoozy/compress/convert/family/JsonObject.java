package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;
import dev.snoozy.format.json.JsonReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A JSON object of a model's folder, which knows what has been read of it. */
public final class JsonObject {
    /** More than any network has. */
    static final int MOST_LAYERS = 1 << 16;

    private final String what;
    private final Map<?, ?> members;
    private final Map<String, Object> defaults;
    private final Set<String> read = new LinkedHashSet<>();
    private final Map<String, JsonObject> inner = new HashMap<>();

    public JsonObject(String what, Map<?, ?> members) {
        this(what, members, Map.of());
    }

    private JsonObject(String what, Map<?, ?> members, Map<String, Object> defaults) {
        this.what = what;
        this.members = members;
        this.defaults = defaults;
    }

    /** The same with values for names that are not there; a null that is there stays. */
    JsonObject withDefaults(Map<String, Object> values) {
        JsonObject whole = new JsonObject(what, members, values);
        whole.read.addAll(read);
        return whole;
    }

    /**
     * The same with the members of an object within it, which come before those of equal names
     * outside; without it, itself.
     *
     * @param kept names whose value outside stays
     */
    public JsonObject joined(String inner, Set<String> kept) {
        if (!(members.get(inner) instanceof Map<?, ?> within)) {
            return this;
        }
        Map<Object, Object> joined = new LinkedHashMap<>(members);
        joined.remove(inner);
        within.forEach((name, value) -> {
            if (!kept.contains(name) || !members.containsKey(name)) {
                joined.put(name, value);
            }
        });
        return new JsonObject(what, joined);
    }

    /** The object in a file. */
    public static JsonObject read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        JsonReader reader = new JsonReader(name, Files.readAllBytes(file));
        Object value = reader.value();
        reader.end();
        return of(name, value);
    }

    private static JsonObject of(String what, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return new JsonObject(what, members);
        }
        throw new ConvertException(what + ": expected a JSON object, found " + value);
    }

    /** Name of the object, for messages. */
    public String what() {
        return what;
    }

    /** The raw value, or null. */
    public @Nullable Object get(String key) {
        read.add(key);
        return members.containsKey(key) ? members.get(key) : defaults.get(key);
    }

    /** Whether there is a value other than null. */
    public boolean has(String key) {
        return get(key) != null;
    }

    /** Of several names, between bars, the one that there is; the first if there is none. */
    String named(String names) {
        String[] each = names.split("\\|", -1);
        for (String name : each) {
            if (members.containsKey(name)) {
                return name;
            }
        }
        return each[0];
    }

    /** The names, in the order of the text. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        members.keySet().forEach(key -> keys.add(String.valueOf(key)));
        return keys;
    }

    /** The names that nobody has asked for. */
    public List<String> unread() {
        return keys().stream().filter(key -> !read.contains(key)).toList();
    }

    /** An object within, always the same one. */
    public JsonObject object(String key) {
        Object value = get(key);
        return inner.computeIfAbsent(key, name -> of(what + ", " + name, value));
    }

    public Optional<JsonObject> optionalObject(String key) {
        return has(key) ? Optional.of(object(key)) : Optional.empty();
    }

    public List<?> list(String key) {
        Object value = get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(key, value, "an array");
    }

    /** The objects of an array. */
    public List<JsonObject> objects(String key) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(key)) {
            objects.add(of(what + ", " + key, element));
        }
        return objects;
    }

    public String string(String key) {
        Object value = get(key);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key, value, "a string");
    }

    public String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    public boolean flag(String key, boolean otherwise) {
        Object value = get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, value, "true or false");
    }

    public int integer(String key) {
        Object value = get(key);
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw wrong(key, value, "an integer of 32 bits");
    }

    public int integer(String key, int otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    /** A size: from 1 to 2^24 or so, larger than any model's. */
    public int size(String key) {
        int size = integer(key);
        if (size < 1 || size > 1 << 28) {
            throw wrong(key, size, "a number from 1 to 2^28");
        }
        return size;
    }

    public double number(String key) {
        Object value = get(key);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(key, value, "a number");
    }

    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    /** Layers of a network, of which arrays are made. */
    public int layers() {
        int layers = size("num_hidden_layers");
        if (layers > MOST_LAYERS) {
            throw wrong("num_hidden_layers", layers, "at most " + MOST_LAYERS);
        }
        return layers;
    }

    /** An array of integers of 32 bits. */
    int[] integers(String key) {
        List<?> list = list(key);
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(list.get(i) instanceof Long number) || number != number.intValue()) {
                throw wrong(key, list.get(i), "an array of integers");
            }
            values[i] = number.intValue();
        }
        return values;
    }

    /** An array of numbers. */
    public float[] floats(String key) {
        List<?> list = list(key);
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(list.get(i) instanceof Number number)) {
                throw wrong(key, list.get(i), "an array of numbers");
            }
            values[i] = number.floatValue();
        }
        return values;
    }

    /** Refuses a value that this version does not compute with; none is the first of them. */
    public void require(String key, Object... allowed) {
        Object found = get(key);
        for (Object value : allowed) {
            if (found == null || found.equals(value)) {
                return;
            }
        }
        throw wrong(key, found, Arrays.toString(allowed));
    }

    /** What a key has and what was expected. */
    public ConvertException wrong(String key, @Nullable Object found, String expected) {
        String text = String.valueOf(found);
        return new ConvertException(
                "%s: %s: expected %s, found %s"
                        .formatted(
                                what,
                                key,
                                expected,
                                text.length() > 80 ? text.substring(0, 77) + "..." : text));
    }
}
