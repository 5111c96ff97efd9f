package dev.snoozy.server.http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The fields of a JSON object in a request, each read as what it should be. A field that is null is
 * as good as absent. What is not as it should be is refused by name ({@link HttpProblem}).
 */
public final class Fields {
    private final ObjectNode object;
    private final String prefix;

    /** The fields of a whole body. */
    public Fields(ObjectNode object) {
        this(object, "");
    }

    private Fields(ObjectNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** The object itself. */
    public ObjectNode node() {
        return object;
    }

    /** A field, whatever it is. */
    public Optional<JsonNode> any(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    public boolean has(String name) {
        return any(name).isPresent();
    }

    public Optional<String> string(String name) {
        return any(name)
                .map(node -> {
                    if (!node.isString()) {
                        throw wrong(name, "a string", node);
                    }
                    return node.stringValue();
                });
    }

    /** A string without which there is nothing to do. */
    public String requiredString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    public boolean bool(String name, boolean otherwise) {
        return any(name)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(name, "true or false", node);
                    }
                    return node.booleanValue();
                })
                .orElse(otherwise);
    }

    /** A number in a range, both ends included. */
    public OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> node = any(name);
        if (node.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = node.get().isNumber() ? node.get().doubleValue() : Double.NaN;
        if (!(value >= least && value <= most)) {
            throw wrong(name, "a number from " + plain(least) + " to " + plain(most), node.get());
        }
        return OptionalDouble.of(value);
    }

    public double number(String name, double least, double most, double otherwise) {
        return number(name, least, most).orElse(otherwise);
    }

    /** A whole number in a range, both ends included; 3.0 is one. */
    public OptionalInt integer(String name, int least, int most) {
        OptionalLong value = whole(name, least, most);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    public int integer(String name, int least, int most, int otherwise) {
        return integer(name, least, most).orElse(otherwise);
    }

    /** A whole number in a range, both ends included. */
    public OptionalLong whole(String name, long least, long most) {
        Optional<JsonNode> node = any(name);
        if (node.isEmpty()) {
            return OptionalLong.empty();
        }
        JsonNode found = node.get();
        boolean fits =
                found.isNumber() && (found.canConvertToExactIntegral() && found.canConvertToLong());
        if (!fits || found.asLong() < least || found.asLong() > most) {
            throw wrong(name, "a whole number from " + least + " to " + most, found);
        }
        return OptionalLong.of(found.asLong());
    }

    /** An object. */
    public Optional<Fields> fields(String name) {
        return any(name)
                .map(node -> {
                    if (node instanceof ObjectNode inner) {
                        return new Fields(inner, prefix + name + ".");
                    }
                    throw wrong(name, "an object", node);
                });
    }

    /** An array of at most so many elements. */
    public Optional<ArrayNode> array(String name, int most) {
        return any(name)
                .map(node -> {
                    if (!(node instanceof ArrayNode array)) {
                        throw wrong(name, "an array", node);
                    }
                    if (array.size() > most) {
                        throw HttpProblem.invalid(
                                prefix + name,
                                "expected at most " + most + " elements, found " + array.size());
                    }
                    return array;
                });
    }

    /** An array of objects; none if the field is absent. */
    public List<Fields> objects(String name, int most) {
        List<Fields> list = new ArrayList<>();
        for (JsonNode node : array(name, most).orElse(Json.array())) {
            if (!(node instanceof ObjectNode inner)) {
                throw wrong(name + "[" + list.size() + "]", "an object", node);
            }
            list.add(new Fields(inner, prefix + name + "[" + list.size() + "]."));
        }
        return list;
    }

    /** A string, or an array of at most so many strings; none if the field is absent. */
    public List<String> strings(String name, int most) {
        Optional<JsonNode> node = any(name);
        if (node.isPresent() && node.get().isString()) {
            return List.of(node.get().stringValue());
        }
        List<String> list = new ArrayList<>();
        for (JsonNode element : array(name, most).orElse(Json.array())) {
            if (!element.isString()) {
                throw wrong(name + "[" + list.size() + "]", "a string", element);
            }
            list.add(element.stringValue());
        }
        return list;
    }

    /** Refuses a field that is there, with the reason. */
    public void refuse(String name, String reason) {
        if (has(name)) {
            throw HttpProblem.unsupported(prefix + name, reason);
        }
    }

    /** The problem of a field that has a wrong value. */
    public HttpProblem invalid(String name, String message) {
        return HttpProblem.invalid(prefix + name, message);
    }

    /** The problem of a field that must be there. */
    public HttpProblem missing(String name) {
        return HttpProblem.invalid(prefix + name, "expected a value, found none");
    }

    private HttpProblem wrong(String name, String expected, JsonNode found) {
        String what = found.isValueNode() ? shortened(Json.text(found)) : Json.kind(found);
        return HttpProblem.invalid(prefix + name, "expected " + expected + ", found " + what);
    }

    private static String shortened(String text) {
        int most = 60;
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
