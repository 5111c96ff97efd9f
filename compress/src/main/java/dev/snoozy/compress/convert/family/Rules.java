package dev.snoozy.compress.convert.family;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a family, by their names on both sides. Built once, then immutable. */
public final class Rules {
    private final List<Rule> rules = new ArrayList<>();
    private final List<Rule> older = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Map<String, String> numbers = new LinkedHashMap<>();

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
     * @param key its whole name
     */
    Rules number(String checkpoint, String key) {
        numbers.put(checkpoint, key);
        return this;
    }

    /** The keys of tensors of one number by the tensors' names, {@code {i}} for the layer. */
    public Map<String, String> numbers() {
        return Collections.unmodifiableMap(numbers);
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
