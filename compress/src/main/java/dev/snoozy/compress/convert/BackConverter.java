package dev.snoozy.compress.convert;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsWriter;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts a GGUF file to a model's folder as the transformers library reads it: {@link Converter}
 * the other way round. Numbers stay what they are; quantized ones become F16. At most one tensor is
 * in memory. Each file is there as a whole or not at all, config.json last. Stateless.
 */
public final class BackConverter {
    /** A tensor of the checkpoint and where it comes from. */
    private record Part(TensorInfo source, int expert, Transform transform) {}

    private BackConverter() {}

    /**
     * Converts a file.
     *
     * @param folder to be made, or to be written into
     */
    public static Converter.Converted convert(
            Path source, Path folder, ConvertOptions.Progress progress) throws IOException {
        try (GgufFile file = GgufFile.open(source)) {
            GgufKeys keys = new GgufKeys(file);
            Family family = Family.ofGguf(keys);
            Map<String, Object> config = config(keys, family);
            JsonObject description = new JsonObject("config.json", longs(config));
            Map<String, Part> parts = new LinkedHashMap<>();
            List<SafetensorInfo> tensors = new ArrayList<>();
            Set<String> inConfig = family.tensorsInConfig();
            for (TensorInfo tensor : file.tensors()) {
                if (!inConfig.contains(tensor.name())) {
                    add(tensor, family.rules(description), parts, tensors);
                }
            }
            Files.createDirectories(folder);
            new TokenizerFiles(file.metadata(), folder).write();
            long total = tensors.stream().mapToLong(SafetensorInfo::bytes).sum();
            long[] done = {0};
            try (Data data = new Data(file, parts)) {
                SafetensorsWriter.write(
                        folder.resolve("model.safetensors"),
                        Map.of("format", "pt"),
                        tensors,
                        tensor -> {
                            progress.written(done[0], total);
                            done[0] += tensor.bytes();
                            return data.of(tensor);
                        });
            }
            TokenizerFiles.write(folder.resolve("config.json"), JsonText.of(config));
            return new Converter.Converted(family.architecture(), tensors.size(), total);
        }
    }

    private static Map<String, Object> config(GgufKeys keys, Family family) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of(family.checkpointClass()));
        config.put("model_type", family.modelType());
        family.describe(keys, config);
        for (String part : List.of("bos", "eos")) {
            String key = "tokenizer.ggml." + part + "_token_id";
            if (keys.metadata().has(key)) {
                config.put(part + "_token_id", keys.metadata().integer(key));
            }
        }
        TensorInfo table = keys.file().tensor("token_embd.weight");
        TensorType type = table == null ? TensorType.F16 : table.type();
        config.put(
                "torch_dtype",
                switch (type) {
                    case F32 -> "float32";
                    case BF16 -> "bfloat16";
                    default -> "float16";
                });
        return config;
    }

    /** Integers as a JSON reader gives them. */
    private static Map<String, Object> longs(Map<String, Object> config) {
        Map<String, Object> longs = new LinkedHashMap<>();
        config.forEach((key, value) ->
                longs.put(key, value instanceof Integer number ? Long.valueOf(number) : value));
        return longs;
    }

    private static void add(
            TensorInfo tensor, Rules rules, Map<String, Part> parts, List<SafetensorInfo> tensors) {
        Rules.Found found = rules.ofGguf(tensor.name());
        if (found == null) {
            throw new ConvertException(
                    "tensor " + tensor.name() + ": its name in a checkpoint is not known");
        }
        Rule rule = found.rule();
        List<Long> shape = new ArrayList<>(tensor.shape());
        int experts = 1;
        if (rule.isMixture()) {
            experts = Math.toIntExact(shape.removeLast());
        }
        rule.transform().check(tensor.name(), shape.getLast());
        if (rule.transform().kind() != Transform.Kind.TRANSPOSED) {
            Collections.reverse(shape);
        }
        for (int e = 0; e < experts; e++) {
            String name = rule.checkpointName(found.layer(), e);
            SafetensorInfo info = SafetensorInfo.of(name, asIs(tensor.type()), shape);
            parts.put(name, new Part(tensor, e, rule.transform()));
            tensors.add(info);
        }
    }

    private static SafetensorType asIs(TensorType type) {
        return switch (type) {
            case F32 -> SafetensorType.F32;
            case BF16 -> SafetensorType.BF16;
            default -> SafetensorType.F16;
        };
    }

    /** The data of the tensors, one at a time. */
    private static final class Data implements AutoCloseable {
        private final GgufFile file;
        private final Map<String, Part> parts;
        private Arena arena = Arena.ofConfined();

        Data(GgufFile file, Map<String, Part> parts) {
            this.file = file;
            this.parts = parts;
        }

        MemorySegment of(SafetensorInfo tensor) {
            arena.close();
            arena = Arena.ofConfined();
            Part part = parts.get(tensor.name());
            if (part == null) {
                throw new IllegalArgumentException("not planned: " + tensor.name());
            }
            TensorInfo source = part.source();
            int columns = Math.toIntExact(source.shape().getFirst());
            long rows = tensor.elements() / columns;
            long each = source.type().bytes(tensor.elements());
            MemorySegment from = file.data(source).asSlice(part.expert() * each, each);
            Transform transform = part.transform();
            boolean bias = transform.kind() == Transform.Kind.PAIRS && source.shape().size() == 1;
            if (bias) {
                rows = columns;
                columns = 1;
            }
            MemorySegment to = arena.allocate(Math.max(1, tensor.bytes()), 64);
            write(tensor, part, from, to, rows, columns);
            return to.asSlice(0, tensor.bytes());
        }

        private static void write(
                SafetensorInfo tensor,
                Part part,
                MemorySegment from,
                MemorySegment to,
                long rows,
                int columns) {
            TensorType type = part.source().type();
            TensorType target = TensorType.valueOf(tensor.type().name());
            BlockCodec codec = BlockCodec.of(type);
            Transform transform = part.transform();
            boolean transposed = transform.kind() == Transform.Kind.TRANSPOSED;
            boolean minusOne = transform.kind() == Transform.Kind.PLUS_ONE;
            int size = tensor.type().bits() / 8;
            float[] row = new float[columns];
            float[] one = new float[1];
            for (long r = 0; r < rows; r++) {
                long source = transform.ggufRow(r, rows);
                codec.decode(from, type.bytes(source * columns), row, 0, columns);
                for (int c = 0; minusOne && c < columns; c++) {
                    row[c] -= 1;
                }
                if (!transposed) {
                    RowCodec.encode(tensor.name(), target, row, to, r * columns * size);
                    continue;
                }
                for (int c = 0; c < columns; c++) {
                    one[0] = row[c];
                    RowCodec.encode(tensor.name(), target, one, to, (c * rows + r) * size);
                }
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
