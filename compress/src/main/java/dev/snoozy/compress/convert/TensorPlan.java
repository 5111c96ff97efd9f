package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Rules;
import dev.snoozy.compress.convert.family.Transform;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which tensors of a checkpoint become which of GGUF. What no rule knows is refused: a model
 * without it would be another model.
 */
final class TensorPlan {
    private static final List<String> PREFIXES =
            List.of(
                    "transformer.",
                    "bert.",
                    "base_model.model.",
                    "model.language_model.",
                    "language_model.",
                    "ernie.");
    private static final int MOST_NAMED = 4;

    /**
     * A tensor to be written.
     *
     * @param info of the result
     * @param transform of each source
     * @param mixture whether the sources are experts, of which GGUF has one below the other
     * @param sources one, or those of all experts
     * @param values where it comes from config.json
     * @param microscaled where it comes in blocks of MXFP4
     */
    record Part(
            TensorInfo info,
            Transform transform,
            boolean mixture,
            List<SafetensorInfo> sources,
            float @Nullable [] values,
            @Nullable Microscaled microscaled) {}

    private final Rules rules;
    private final OutputType type;
    private final boolean tied;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, SafetensorInfo>> mixtures = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    private TensorPlan(Rules rules, OutputType type, boolean tied) {
        this.rules = rules;
        this.type = type;
        this.tied = tied;
    }

    /**
     * A plan.
     *
     * @param tied whether the output is the token table, so that a copy of it is left out
     * @param extra tensors that come from config.json
     */
    static List<Part> of(
            SafetensorsFile file,
            Rules rules,
            OutputType type,
            boolean tied,
            Map<String, float[]> extra) {
        TensorPlan plan = new TensorPlan(rules, type, tied);
        Map<String, Microscaled> microscaled = Microscaled.in(file);
        for (SafetensorInfo tensor : file.tensors()) {
            if (microscaled.values().stream().noneMatch(m -> m.has(tensor))) {
                plan.add(tensor);
            }
        }
        microscaled.forEach(plan::add);
        plan.join();
        if (!plan.unknown.isEmpty()) {
            throw new ConvertException(
                    "the checkpoint has tensors that its family does not know, such as "
                            + String.join(
                                    ", ",
                                    plan.unknown.subList(
                                            0, Math.min(MOST_NAMED, plan.unknown.size())))
                            + " ("
                            + plan.unknown.size()
                            + " in all): a model without them would be another");
        }
        extra.forEach((name, values) -> {
            TensorInfo info = TensorInfo.of(name, TensorType.F32, List.of((long) values.length));
            plan.parts.put(name, new Part(info, Transform.SAME, false, List.of(), values, null));
        });
        return plan.sorted();
    }

    /** The rules for a tensor, whatever stands before its name. */
    static List<Rules.Found> find(Rules rules, String name) {
        List<Rules.Found> found = rules.ofCheckpoint(name);
        for (String prefix : PREFIXES) {
            if (found.isEmpty() && name.startsWith(prefix)) {
                String rest = name.substring(prefix.length());
                found = rules.ofCheckpoint(rest);
                found = found.isEmpty() ? rules.ofCheckpoint("model." + rest) : found;
            }
        }
        for (String prefix : List.of("model.", "transformer.")) {
            found = found.isEmpty() ? rules.ofCheckpoint(prefix + name) : found;
        }
        return found;
    }

    /** How many tensors of each part are left out. */
    static Map<String, Integer> leftOut(SafetensorsFile file, Rules rules) {
        Map<String, Integer> parts = new TreeMap<>();
        for (SafetensorInfo tensor : file.tensors()) {
            String part = rules.leftOut(tensor.name());
            if (part != null) {
                parts.merge(part, 1, Integer::sum);
            }
        }
        return parts;
    }

    private void add(SafetensorInfo tensor) {
        if (rules.leftOut(tensor.name()) != null || LayerNumbers.isOne(rules, tensor.name())) {
            return;
        }
        List<Rules.Found> all = find(rules, tensor.name());
        if (all.isEmpty()) {
            unknown.add(tensor.name());
        }
        for (Rules.Found found : all) {
            if (found.rule().isMixture()) {
                mixtures.computeIfAbsent(found.ggufName(), n -> new TreeMap<>())
                        .put(found.expert(), tensor);
            } else if (!found.rule().isDropped()
                    && !(tied && found.ggufName().equals("output.weight"))) {
                Transform transform = found.rule().transform();
                List<Long> shape = shape(tensor, transform);
                put(found.ggufName(), shape, transform, false, List.of(tensor));
            }
        }
    }

    /** Blocks stay as they are, whatever type is asked for; their rows lie as GGUF has them. */
    private void add(String name, Microscaled tensor) {
        List<Rules.Found> all = find(rules, name);
        if (all.isEmpty()) {
            unknown.add(tensor.blocks().name());
        }
        for (Rules.Found found : all) {
            Transform transform = found.rule().transform();
            List<Long> shape = tensor.shape(transform.order());
            TensorInfo info = TensorInfo.of(found.ggufName(), TensorType.MXFP4, shape);
            parts.put(info.name(), new Part(info, transform, false, List.of(), null, tensor));
        }
    }

    /** The shape in GGUF, whose first dimension lies side by side. */
    static List<Long> shape(SafetensorInfo tensor, Transform transform) {
        List<Long> shape = new ArrayList<>(tensor.shape());
        if (shape.isEmpty() || shape.contains(0L)) {
            throw new ConvertException(
                    "tensor " + tensor.name() + ": found the shape " + tensor.shape());
        }
        Collections.reverse(shape);
        try {
            shape = whole(shape, transform);
            int rows = Math.min(1, shape.size() - 1);
            shape.set(rows, transform.order().count(shape.get(rows)));
            shape.set(0, transform.columns().count(shape.getFirst()));
        } catch (ConvertException e) {
            throw new ConvertException("tensor " + tensor.name() + ": " + e.getMessage());
        }
        return shape;
    }

    /** The shape before a part is taken, turned as GGUF has it. */
    static List<Long> whole(List<Long> shape, Transform transform) {
        List<Long> whole = new ArrayList<>(transform.view().toGguf().apply(shape));
        if (transform.transposed() && whole.size() > 1) {
            Collections.swap(whole, 0, 1);
        }
        return whole;
    }

    private void put(
            String name,
            List<Long> shape,
            Transform transform,
            boolean mixture,
            List<SafetensorInfo> sources) {
        TensorType source = RowCodec.asIs(name, sources.getFirst().type());
        TensorType chosen =
                isExact(name, shape) ? TensorType.F32 : type.matrix(source, shape.getFirst());
        TensorInfo info = TensorInfo.of(name, chosen, shape);
        if (parts.put(name, new Part(info, transform, mixture, sources, null, null)) != null) {
            throw new ConvertException(
                    "tensor "
                            + name
                            + " comes from two of the checkpoint; the second is "
                            + sources.getFirst().name());
        }
    }

    /** What is small, or feeds a choice, stays in F32. */
    private static boolean isExact(String name, List<Long> shape) {
        return shape.size() == 1
                || !name.endsWith(".weight")
                || name.endsWith("_norm.weight")
                || name.endsWith("ssm_conv1d.weight")
                || name.endsWith("shortconv.conv.weight")
                || name.endsWith("ffn_gate_inp.weight")
                || name.equals("position_embd.weight")
                || name.equals("token_types.weight");
    }

    /** Joins the matrices of experts, which must all be there and be alike. */
    private void join() {
        mixtures.forEach((name, experts) -> {
            SafetensorInfo first = experts.firstEntry().getValue();
            if (experts.firstKey() != 0 || experts.lastKey() != experts.size() - 1) {
                throw new ConvertException(
                        "tensor %s: expected experts 0 to %d, found only %d of them"
                                .formatted(name, experts.lastKey(), experts.size()));
            }
            for (SafetensorInfo expert : experts.values()) {
                if (!expert.shape().equals(first.shape()) || expert.type() != first.type()) {
                    throw new ConvertException(
                            "tensor %s: expected %s %s as in the first expert, found %s %s"
                                    .formatted(
                                            expert.name(),
                                            first.type(),
                                            first.shape(),
                                            expert.type(),
                                            expert.shape()));
                }
            }
            List<Long> shape = shape(first, Transform.SAME);
            shape.add((long) experts.size());
            put(name, shape, Transform.SAME, true, List.copyOf(experts.values()));
        });
    }

    /** In the order in which a model reads them, whatever that of the checkpoint. */
    private List<Part> sorted() {
        List<Part> sorted = new ArrayList<>(parts.values());
        sorted.sort(Comparator.comparingInt(part -> layer(part.info().name())));
        return sorted;
    }

    private static int layer(String name) {
        if (!name.startsWith("blk.")) {
            return name.startsWith("output") ? Integer.MAX_VALUE : -1;
        }
        return Integer.parseInt(name.substring(4, name.indexOf('.', 4)));
    }
}
