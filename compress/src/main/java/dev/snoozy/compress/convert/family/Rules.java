package dev.snoozy.compress.convert.family;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The tensors of a family, by their names on both sides. Built once, then immutable. */
public final class Rules {
    private final List<Rule> rules = new ArrayList<>();
    private final List<Rule> older = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<LayerNumber> numbers = new ArrayList<>();

    /** A rule that was found for a name, with the numbers in it. */
    public record Found(Rule rule, int layer, int expert) {
        public String ggufName() {
            return rule.ggufName(layer);
        }
    }

    Rules add(String checkpoint, String gguf, Transform transform) {
        rules.add(new Rule(checkpoint, gguf, transform));
        return this;
    }

    /** A tensor that is the same on both sides. */
    Rules add(String checkpoint, String gguf) {
        return add(checkpoint, gguf, Transform.SAME);
    }

    /** A weight and its bias. */
    Rules linear(String checkpoint, String gguf) {
        return linear(checkpoint, gguf, Transform.SAME);
    }

    /** A weight and its bias, both reordered; a bias is not transposed. */
    Rules linear(String checkpoint, String gguf, Transform transform) {
        boolean transposed = transform.transposed();
        add(checkpoint + ".weight", gguf + ".weight", transform);
        return add(checkpoint + ".bias", gguf + ".bias", transposed ? Transform.SAME : transform);
    }

    /** A tensor that older GGUF files have; nothing becomes one. */
    Rules older(String checkpoint, String gguf) {
        older.add(new Rule(checkpoint, gguf, Transform.SAME));
        return this;
    }

    /** A tensor that GGUF does not have, because it follows from others. */
    Rules drop(String checkpoint) {
        return add(checkpoint, "");
    }

    /**
     * A tensor of one number in each layer, which are an array in GGUF's metadata.
     *
     * @param checkpoint name there, with {@code {i}} for the layer
     * @param key its whole name in GGUF
     * @param shape there, of one element
     */
    public record LayerNumber(String checkpoint, String key, List<Long> shape) {}

    /** A {@link LayerNumber}. */
    Rules number(String checkpoint, String key, Long... shape) {
        numbers.add(new LayerNumber(checkpoint, key, List.of(shape)));
        return this;
    }

    /** Tensors of one number. */
    public List<LayerNumber> numbers() {
        return Collections.unmodifiableList(numbers);
    }

    /**
     * Parts of a checkpoint that this version does not run, such as those that see or hear.
     *
     * @param prefixes of the names of their tensors
     */
    Rules leaveOut(String... prefixes) {
        leftOut.addAll(List.of(prefixes));
        return this;
    }

    /** The part of a tensor that is left out, or null. */
    public @Nullable String leftOut(String name) {
        for (String prefix : leftOut) {
            if (name.startsWith(prefix)) {
                return prefix;
            }
        }
        return null;
    }

    /** What becomes of a tensor of a checkpoint: nothing, one or several of GGUF. */
    public List<Found> ofCheckpoint(String name) {
        List<Found> found = new ArrayList<>();
        for (Rule rule : rules) {
            Rule.Match match = rule.matchCheckpoint(name);
            if (match != null
                    && (found.isEmpty()
                            || found.getFirst().rule().checkpoint().equals(rule.checkpoint()))) {
                found.add(new Found(rule, match.layer(), match.expert()));
            }
        }
        return found;
    }

    /** The rule of a tensor of GGUF, or null. */
    public @Nullable Found ofGguf(String name) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(older);
        for (Rule rule : all) {
            Rule.Match match = rule.isDropped() ? null : rule.matchGguf(name);
            if (match != null) {
                return new Found(rule, match.layer(), match.expert());
            }
        }
        return null;
    }
}
