package dev.snoozy.studio.write;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The adapters of a request as the page has them: a list of names and scales. */
public final class AdapterFields {
    private static final int MOST = 8;
    private static final double LARGEST_SCALE = 1000;

    private AdapterFields() {}

    /**
     * The adapters in the field {@code adapters}, each with its scale; 1 if it has none.
     *
     * @throws dev.snoozy.server.http.HttpProblem if there is no adapter of a name, or it comes
     *     twice
     */
    public static ArrayNode read(Fields fields, AdapterFiles files) {
        ArrayNode list = Json.array();
        Set<String> names = new HashSet<>();
        for (Fields one : fields.objects("adapters", MOST)) {
            String name = one.requiredString("name");
            if (files.find(name).isEmpty()) {
                throw one.invalid(
                        "name",
                        "expected an adapter of this machine, found "
                                + name
                                + "; cure: put the file into the folder of models");
            }
            if (!names.add(name)) {
                throw one.invalid("name", "expected each adapter once, found " + name + " again");
            }
            double scale = one.number("scale", -LARGEST_SCALE, LARGEST_SCALE, 1);
            list.addObject().put("name", name).put("scale", scale);
        }
        return list;
    }

    /** What {@link #read} has made. */
    public static List<Ask.Scaled> of(JsonNode list) {
        List<Ask.Scaled> adapters = new ArrayList<>();
        for (JsonNode one : list) {
            adapters.add(
                    new Ask.Scaled(one.path("name").asString(""), one.path("scale").asDouble(1)));
        }
        return adapters;
    }
}
