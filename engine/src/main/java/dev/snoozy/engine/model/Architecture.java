package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** From a file to the network of its architecture; {@link Families} lists those that are known. */
public final class Architecture {
    private static final int NEAR = 3;

    /**
     * A network over the weights of a file.
     *
     * @param multiplied the weights that products are asked of, by their names, in the order in
     *     which they were taken
     * @param weights all, by their names
     */
    public record Bound(
            Transformer network, Map<String, Tensor> multiplied, Map<String, Tensor> weights) {
        public Bound {
            multiplied = Collections.unmodifiableMap(new LinkedHashMap<>(multiplied));
            weights = Map.copyOf(weights);
        }
    }

    private Architecture() {}

    /** The names of the known architectures, sorted. */
    public static List<String> names() {
        return List.copyOf(Families.ALL.keySet());
    }

    /**
     * Binds the weights of a file to its network.
     *
     * @throws ModelException if the architecture is unknown, tensors are missing, misshapen or left
     *     over, or the file has an option that is not heeded
     */
    public static Bound bind(GgufFile file, ModelConfig config, Kernels kernels) {
        Family family = Families.ALL.get(config.architecture());
        if (family == null) {
            throw unknown(file);
        }
        Weights weights = new Weights(file, kernels);
        weights.leaveAhead(config);
        Transformer network = family.network().apply(config, weights);
        weights.refuseUnfit();
        network.cachePlan();
        Options.refuseUnheeded(config);
        return new Bound(network, weights.multiplied(), weights.taken());
    }

    /**
     * Refuses a file of an unknown architecture, with the nearest names that are known, and with
     * the architecture that its tensors are nearest to and what speaks against it.
     */
    public static void requireKnown(GgufFile file) {
        if (!Families.ALL.containsKey(file.metadata().string("general.architecture"))) {
            throw unknown(file);
        }
    }

    private static ModelException unknown(GgufFile file) {
        String name = file.metadata().string("general.architecture");
        List<String> near =
                Families.ALL.keySet().stream()
                        .sorted(Comparator.comparingInt(known -> distance(name, known)))
                        .limit(NEAR)
                        .toList();
        Optional<Family.Misfit> nearest =
                Families.ALL.values().stream()
                        .map(family -> family.misfit(file))
                        .filter(Objects::nonNull)
                        .min(
                                Comparator.comparingInt(Family.Misfit::size)
                                        .thenComparingInt(
                                                misfit -> distance(name, misfit.family().name())));
        return new ModelException(
                "general.architecture: found \""
                        + name
                        + "\", which this version does not know; near names: "
                        + String.join(", ", near)
                        + nearest.map(misfit -> "; by its tensors it " + misfit).orElse("")
                        + "; cure: a newer version, or one of the "
                        + Families.ALL.size()
                        + " architectures in docs/models.md");
    }

    /** Levenshtein's distance of two short names. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
