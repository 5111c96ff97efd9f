package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.Keys;
import dev.snoozy.compress.convert.family.Rules;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts a model's folder as it lies on Hugging Face (config.json, safetensors, tokenizer) to a
 * GGUF file. What the folder says and this does not understand is refused.
 *
 * <p>The checkpoint is mapped and written tensor by tensor: at most one of them is in memory. The
 * file is there as a whole or not at all. Stateless.
 */
public final class Converter {
    /** What the description of a whole model says, whatever that of its text part does. */
    private static final Set<String> OUTSIDE = Set.of("architectures", "tie_word_embeddings");

    /** Of the sentence-transformers library, one folder each. */
    private static final int MOST_MODULES = 9;

    private Converter() {}

    /**
     * Converts a folder.
     *
     * @return what was written
     * @throws ConvertException if the model is not of a known family, or has something unknown
     * @throws FormatException if one of its files is damaged
     */
    public static Converted convert(Path folder, Path target, ConvertOptions options)
            throws IOException {
        JsonObject said = config(folder);
        Family family = Families.of(said);
        JsonObject config = family.whole(said);
        try (SafetensorsFile file = checkpoint(folder)) {
            Rules rules = family.rules(config);
            List<TensorPlan.Part> plan =
                    TensorPlan.of(
                            file,
                            rules,
                            options.type(),
                            config.flag("tie_word_embeddings", family.isTied()),
                            family.extraTensors(config));
            Keys keys = describe(folder, config, family, plan, options);
            if (!rules.numbers().isEmpty()) {
                LayerNumbers.read(file, rules, config.layers(), keys);
            }
            List<TensorInfo> tensors = plan.stream().map(TensorPlan.Part::info).toList();
            long total = tensors.stream().mapToLong(TensorInfo::bytes).sum();
            try (TensorData data =
                    new TensorData(file, plan, done -> options.progress().written(done, total))) {
                GgufWriter.write(target, new Metadata(keys.values()), tensors, data);
            }
            return new Converted(
                    family.architecture(), tensors.size(), total, leftOut(folder, file, rules));
        }
    }

    /**
     * What a conversion has written.
     *
     * @param bytes of all tensors
     * @param leftOut parts that GGUF has no place for, such as those that see, by the beginning of
     *     the names of their tensors, with how many those are
     */
    public record Converted(
            String architecture, int tensors, long bytes, Map<String, Integer> leftOut) {}

    /** The tensors that are not converted, and layers that stand behind the pooling. */
    private static Map<String, Integer> leftOut(Path folder, SafetensorsFile file, Rules rules)
            throws IOException {
        Map<String, Integer> parts = TensorPlan.leftOut(file, rules);
        for (int i = 1; i < MOST_MODULES; i++) {
            Path dense = folder.resolve(i + "_Dense").resolve("model.safetensors");
            if (Files.exists(dense)) {
                try (SafetensorsFile layer = SafetensorsFile.open(dense)) {
                    parts.put(i + "_Dense/", layer.tensors().size());
                }
            }
        }
        return parts;
    }

    static JsonObject config(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        if (!Files.exists(file)) {
            throw new ConvertException(
                    folder + ": found no config.json, expected a model's folder with one");
        }
        return JsonObject.read(file).joined("text_config", OUTSIDE);
    }

    /** The tensors of a folder, in one file or several. */
    static SafetensorsFile checkpoint(Path folder) throws IOException {
        for (String name : List.of("model.safetensors.index.json", "model.safetensors")) {
            if (Files.exists(folder.resolve(name))) {
                return SafetensorsFile.open(folder.resolve(name));
            }
        }
        boolean pickled =
                Files.exists(folder.resolve("pytorch_model.bin"))
                        || Files.exists(folder.resolve("pytorch_model.bin.index.json"));
        throw new ConvertException(
                folder
                        + ": found no model.safetensors"
                        + (pickled
                                ? ", but pytorch_model.bin, whose format runs code when it is read;"
                                        + " cure: save the model as safetensors"
                                : "; is the download complete?"));
    }

    private static Keys describe(
            Path folder,
            JsonObject config,
            Family family,
            List<TensorPlan.Part> plan,
            ConvertOptions options)
            throws IOException {
        Keys keys = new Keys(family.architecture());
        Path name = folder.toAbsolutePath().normalize().getFileName();
        keys.put("general.type", "model");
        keys.put("general.name", String.valueOf(name));
        family.describe(config, keys);
        PoolingFile.read(folder, keys);
        ConfigCheck.run(config, options.ignored());
        keys.put("general.file_type", fileType(plan));
        keys.put("general.quantization_version", 2);
        Vocabularies vocabularies = new Vocabularies(folder, keys, rows(plan), options.pre());
        new SpecialTokens(folder, keys, vocabularies.read()).read(config);
        return keys;
    }

    private static int rows(List<TensorPlan.Part> plan) {
        for (TensorPlan.Part part : plan) {
            if (part.info().name().equals("token_embd.weight")) {
                return Math.toIntExact(part.info().shape().getLast());
            }
        }
        throw new ConvertException("the checkpoint has no table of tokens (token_embd.weight)");
    }

    /** The number in {@code general.file_type}: that of the type which most weights have. */
    static int fileType(List<TensorPlan.Part> plan) {
        Map<TensorType, Long> weights = new EnumMap<>(TensorType.class);
        for (TensorPlan.Part part : plan) {
            weights.merge(part.info().type(), part.info().elements(), Long::sum);
        }
        TensorType most =
                weights.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow(() -> new ConvertException("the checkpoint has no tensors"))
                        .getKey();
        return switch (most) {
            case F16 -> 1;
            case Q8_0 -> 7;
            case BF16 -> 32;
            case MXFP4 -> 38;
            default -> 0;
        };
    }
}
