package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.compress.convert.family.GgufKeys;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.Keys;
import dev.snoozy.compress.convert.family.Rules;
import dev.snoozy.compress.convert.family.Transform;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Converts a LoRA adapter as the PEFT library saves it (adapter_config.json,
 * adapter_model.safetensors) to GGUF: for each weight {@code W} of the base the tensors {@code
 * W.lora_a} and {@code W.lora_b}, and {@code adapter.lora.alpha}. Where the base's rows were
 * reordered, so are those of B.
 */
public final class AdapterConverter {
    private static final String BEFORE = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private AdapterConverter() {}

    /** Whether a folder holds an adapter. */
    public static boolean isAdapter(Path folder) {
        return Files.exists(folder.resolve("adapter_config.json"));
    }

    /**
     * Converts an adapter.
     *
     * @param base the folder of the model it belongs to, or its GGUF file
     */
    public static Converter.Converted convert(
            Path folder, Path base, Path target, ConvertOptions options) throws IOException {
        JsonObject adapter = JsonObject.read(folder.resolve("adapter_config.json"));
        JsonObject config = Files.isDirectory(base) ? Converter.config(base) : ofGguf(base);
        Family family = Families.of(config);
        JsonObject whole = family.whole(config);
        Path tensors = folder.resolve("adapter_model.safetensors");
        if (!Files.exists(tensors)) {
            throw new ConvertException(folder + ": found no adapter_model.safetensors");
        }
        try (SafetensorsFile file = SafetensorsFile.open(tensors)) {
            List<TensorPlan.Part> plan = plan(file, family.rules(whole), options.type());
            double alpha = alpha(adapter, plan);
            Keys keys = new Keys(family.architecture());
            keys.put("general.type", "adapter");
            keys.put(
                    "general.name",
                    String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
            keys.put("adapter.type", "lora");
            keys.put("adapter.lora.alpha", (float) alpha);
            keys.put("general.file_type", Converter.fileType(plan));
            List<TensorInfo> infos = plan.stream().map(TensorPlan.Part::info).toList();
            long total = infos.stream().mapToLong(TensorInfo::bytes).sum();
            try (TensorData data =
                    new TensorData(file, plan, done -> options.progress().written(done, total))) {
                GgufWriter.write(target, new Metadata(keys.values()), infos, data);
            }
            return new Converter.Converted(family.architecture(), infos.size(), total, Map.of());
        }
    }

    /** A config.json of the base's metadata, with what the rules of its tensors ask for. */
    private static JsonObject ofGguf(Path base) throws IOException {
        try (GgufFile file = GgufFile.open(base)) {
            GgufKeys keys = new GgufKeys(file);
            Family family = Families.ofGguf(keys);
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("architectures", List.of(family.checkpointClass()));
            family.describeTensors(keys, config);
            return new JsonObject(base.toString(), BackConverter.longs(config));
        }
    }

    /** The factor of all pairs, in GGUF's sense: divided by the rank when it is applied. */
    private static double alpha(JsonObject adapter, List<TensorPlan.Part> plan) {
        adapter.require("peft_type", "LORA");
        adapter.require("use_dora", false);
        adapter.require("bias", "none");
        for (String key : List.of("modules_to_save", "alpha_pattern", "layer_replication")) {
            Object value = adapter.get(key);
            boolean none =
                    value == null
                            || value instanceof List<?> list && list.isEmpty()
                            || value instanceof Map<?, ?> map && map.isEmpty();
            if (!none) {
                throw adapter.wrong(key, value, "none: GGUF adapters cannot hold it");
            }
        }
        double alpha = adapter.number("lora_alpha");
        if (!adapter.flag("use_rslora", false)) {
            return alpha;
        }
        // Divided by the root of the rank there, by the rank here.
        long rank = plan.getFirst().info().shape().get(1);
        for (TensorPlan.Part part : plan) {
            boolean first = part.info().name().endsWith(".lora_a");
            if (part.info().shape().get(first ? 1 : 0) != rank) {
                throw new ConvertException(
                        "use_rslora with several ranks: GGUF adapters have one alpha for all");
            }
        }
        return alpha * Math.sqrt(rank);
    }

    private static List<TensorPlan.Part> plan(SafetensorsFile file, Rules rules, OutputType type) {
        Map<String, SafetensorInfo> halves = new TreeMap<>();
        List<TensorPlan.Part> plan = new ArrayList<>();
        for (SafetensorInfo tensor : file.tensors()) {
            halves.put(tensor.name(), tensor);
        }
        for (SafetensorInfo a : halves.values()) {
            String name = a.name();
            if (name.endsWith(A)) {
                String stem = name.substring(0, name.length() - A.length());
                SafetensorInfo b = halves.get(stem + B);
                if (b == null) {
                    throw new ConvertException("found " + name + ", expected " + stem + B + " too");
                }
                pair(plan, rules, stem, a, b, type);
            } else if (!name.endsWith(B)
                    || !halves.containsKey(name.substring(0, name.length() - B.length()) + A)) {
                throw new ConvertException(
                        "found the tensor "
                                + name
                                + ", expected only pairs of names that end in "
                                + A
                                + " and "
                                + B);
            }
        }
        if (plan.isEmpty()) {
            throw new ConvertException("adapter_model.safetensors: found no tensors");
        }
        return plan;
    }

    private static void pair(
            List<TensorPlan.Part> plan,
            Rules rules,
            String stem,
            SafetensorInfo a,
            SafetensorInfo b,
            OutputType type) {
        String inside = stem.startsWith(BEFORE) ? stem.substring(BEFORE.length()) : stem;
        List<Rules.Found> found = TensorPlan.find(rules, inside + ".weight");
        if (found.isEmpty()
                || found.getFirst().rule().isDropped()
                || found.getFirst().rule().isMixture()) {
            throw new ConvertException(
                    "tensor " + a.name() + ": its base has no weight that GGUF knows by itself");
        }
        boolean fits =
                a.shape().size() == 2
                        && b.shape().size() == 2
                        && a.shape().get(0).equals(b.shape().get(1));
        if (!fits) {
            throw new ConvertException(
                    "tensor %s: expected [rank, in] and [out, rank], found %s and %s"
                            .formatted(a.name(), a.shape(), b.shape()));
        }
        for (Rules.Found each : found) {
            Transform transform = each.rule().transform();
            add(plan, each.ggufName() + ".lora_a", a, Transform.SAME, type);
            add(plan, each.ggufName() + ".lora_b", b, Transform.of(transform.order()), type);
        }
    }

    private static void add(
            List<TensorPlan.Part> plan,
            String name,
            SafetensorInfo source,
            Transform transform,
            OutputType type) {
        List<Long> shape = TensorPlan.shape(source, transform);
        TensorType chosen = type.matrix(RowCodec.asIs(name, source.type()), shape.get(0));
        plan.add(
                new TensorPlan.Part(
                        TensorInfo.of(name, chosen, shape),
                        transform,
                        false,
                        List.of(source),
                        null,
                        null));
    }
}
