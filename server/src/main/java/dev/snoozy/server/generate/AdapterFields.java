package dev.snoozy.server.generate;

import dev.snoozy.engine.Adapter;
import dev.snoozy.engine.AdapterUse;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.http.Fields;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The adapters that a request wants, by llama.cpp's names: an id, which is the place in which the
 * adapter was loaded, and a scale. An adapter that is not named is not used.
 */
public final class AdapterFields {
    private static final String FIELD = "lora";
    private static final int MOST = 64;
    private static final double LARGEST_SCALE = 1e6;

    private AdapterFields() {}

    /** The options with the adapters of a request, or as they are if it says nothing of them. */
    public static GenerationOptions apply(
            GenerationOptions options, Fields fields, LanguageModel model) {
        Optional<List<AdapterUse>> wanted =
                fields.has(FIELD)
                        ? Optional.of(read(fields.objects(FIELD, MOST), model))
                        : Optional.empty();
        return wanted.map(uses -> options.withAdapters(uses.toArray(AdapterUse[]::new)))
                .orElse(options);
    }

    /**
     * Adapters with their scales.
     *
     * @throws dev.snoozy.server.http.HttpProblem if the model has no adapter of an id
     */
    public static List<AdapterUse> read(List<Fields> list, LanguageModel model) {
        List<Adapter> adapters = model.adapters();
        List<AdapterUse> uses = new ArrayList<>();
        for (Fields one : list) {
            OptionalInt id = one.integer("id", 0, Integer.MAX_VALUE);
            if (id.isEmpty()) {
                throw one.missing("id");
            }
            if (id.getAsInt() >= adapters.size()) {
                throw one.invalid(
                        "id",
                        "expected one of the "
                                + adapters.size()
                                + " adapters of the model, counted from 0, found "
                                + id.getAsInt());
            }
            double scale = one.number("scale", -LARGEST_SCALE, LARGEST_SCALE, 0);
            uses.add(adapters.get(id.getAsInt()).scaled((float) scale));
        }
        return uses;
    }
}
