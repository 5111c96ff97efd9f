package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * An architecture that this engine knows.
 *
 * @param name in {@code general.architecture}
 * @param models that have it, in a few words
 * @param network makes one of the weights of a file
 */
record Family(String name, String models, BiFunction<ModelConfig, Weights, Transformer> network) {
    private static final int SHOWN = 4;

    /** What a file of another architecture would lack and have besides, were it of this one. */
    record Misfit(Family family, List<String> missing, List<String> leftovers) {
        int size() {
            return missing.size() + leftovers.size();
        }

        /** In a sentence that goes on after "it". */
        @Override
        public String toString() {
            return "is nearest to "
                    + family.name
                    + ", of which it lacks "
                    + some(missing)
                    + " and has "
                    + some(leftovers)
                    + " besides";
        }

        private static String some(List<String> names) {
            List<String> kinds =
                    names.stream()
                            .map(n -> n.replaceFirst("^blk\\.\\d+", "blk.N"))
                            .distinct()
                            .toList();
            return kinds.isEmpty()
                    ? "nothing"
                    : String.join(", ", kinds.subList(0, Math.min(SHOWN, kinds.size())))
                            + (kinds.size() > SHOWN
                                    ? " and " + (kinds.size() - SHOWN) + " more"
                                    : "");
        }
    }

    /** What speaks against reading a file as this architecture; null if its lengths forbid it. */
    @Nullable Misfit misfit(GgufFile file) {
        try {
            Weights weights = new Weights(file, null);
            ModelConfig config = ModelConfig.of(renamed(file.metadata()), 0);
            weights.leaveAhead(config);
            network.apply(config, weights).cachePlan();
            return new Misfit(this, List.copyOf(weights.missing().keySet()), weights.leftovers());
        } catch (ModelException | FormatException | IllegalArgumentException e) {
            return null;
        }
    }

    private Metadata renamed(Metadata metadata) {
        String old = metadata.string("general.architecture") + ".";
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        metadata.values()
                .forEach((key, value) -> {
                    boolean own = key.startsWith(old);
                    values.put(own ? name + "." + key.substring(old.length()) : key, value);
                });
        values.put("general.architecture", MetadataValue.of(name));
        return new Metadata(values);
    }
}
