package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.compress.convert.family.GgufKeys;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.RowOrder;
import dev.snoozy.compress.convert.family.Rule;
import dev.snoozy.compress.convert.family.Rules;
import dev.snoozy.compress.convert.family.Transform;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsWriter;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

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
    /**
     * What a tensor of the checkpoint comes from.
     *
     * @param shape of the source, or of one of its experts
     */
    private record Part(TensorInfo source, int expert, List<Long> shape, Transform transform) {
        RowGrid grid() {
            return RowGrid.of(shape, transform);
        }
    }

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
            Family family = Families.ofGguf(keys);
            Map<String, Object> config = config(keys, family);
            JsonObject description = family.whole(new JsonObject("config.json", longs(config)));
            Rules rules = family.rules(description);
            Map<String, List<Part>> parts = parts(file, rules, family.tensorsInConfig());
            Map<SafetensorInfo, Float> numbers = LayerNumbers.write(keys, rules, keys.layers());
            List<SafetensorInfo> tensors = new ArrayList<>(numbers.keySet());
            parts.forEach((name, sources) -> tensors.add(info(name, sources)));
            Files.createDirectories(folder);
            new TokenizerFiles(file.metadata(), folder).write();
            PoolingFile.write(keys, folder);
            long total = tensors.stream().mapToLong(SafetensorInfo::bytes).sum();
            long[] done = {0};
            try (Data data = new Data(file, parts, numbers)) {
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
            return new Converter.Converted(family.architecture(), tensors.size(), total, Map.of());
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
    static Map<String, Object> longs(Map<String, Object> config) {
        Map<String, Object> longs = new LinkedHashMap<>();
        config.forEach((key, value) -> longs.put(key, asRead(value)));
        return longs;
    }

    private static @Nullable Object asRead(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Integer number -> Long.valueOf(number);
            case Map<?, ?> members -> {
                Map<String, Object> inner = new LinkedHashMap<>();
                members.forEach((key, member) -> inner.put(String.valueOf(key), asRead(member)));
                yield inner;
            }
            default -> value;
        };
    }

    /** The tensors of the checkpoint, each with those of GGUF that it is made of. */
    private static Map<String, List<Part>> parts(GgufFile file, Rules rules, Set<String> inConfig) {
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        for (TensorInfo tensor : file.tensors()) {
            if (inConfig.contains(tensor.name())) {
                continue;
            }
            Rules.Found found = rules.ofGguf(tensor.name());
            if (found == null) {
                throw new ConvertException(
                        "tensor " + tensor.name() + ": its name in a checkpoint is not known");
            }
            Rule rule = found.rule();
            List<Long> shape = new ArrayList<>(tensor.shape());
            long experts = rule.isMixture() ? shape.removeLast() : 1;
            for (int e = 0; e < experts; e++) {
                parts.computeIfAbsent(rule.checkpointName(found.layer(), e), n -> new ArrayList<>())
                        .add(new Part(tensor, e, List.copyOf(shape), rule.transform()));
            }
        }
        return parts;
    }

    /** A tensor of the checkpoint, if its parts fit together. */
    private static SafetensorInfo info(String name, List<Part> parts) {
        Part first = parts.getFirst();
        RowGrid whole = whole(parts);
        parts.forEach(part -> check(name, part, first, whole));
        List<Long> shape = new ArrayList<>(first.shape());
        if (shape.size() > 1) {
            shape.set(1, whole.rows());
            shape.set(0, (long) whole.columns());
        } else {
            shape.set(0, whole.elements());
        }
        shape = new ArrayList<>(first.transform().view().toCheckpoint().apply(shape));
        Collections.reverse(shape);
        return SafetensorInfo.of(name, asIs(first.source().type()), shape);
    }

    /** The checkpoint's tensor as tables of rows, which its parts make up. */
    private static RowGrid whole(List<Part> parts) {
        RowGrid first = turned(parts.getFirst());
        boolean rows = parts.stream().anyMatch(part -> moves(part, part.transform().transposed()));
        boolean columns =
                parts.stream().anyMatch(part -> moves(part, !part.transform().transposed()));
        int allColumns = parts.stream().mapToInt(part -> turned(part).columns()).sum();
        long allRows = parts.stream().mapToLong(part -> turned(part).rows()).sum();
        return new RowGrid(
                columns ? allColumns : first.columns(),
                rows ? allRows : first.rows(),
                first.tables());
    }

    private static RowGrid turned(Part part) {
        RowGrid grid = part.grid();
        return part.transform().transposed() ? grid.turned() : grid;
    }

    private static boolean moves(Part part, boolean columns) {
        Transform transform = part.transform();
        return (columns ? transform.columns() : transform.order()) != RowOrder.ALL;
    }

    private static void check(String name, Part part, Part first, RowGrid whole) {
        TensorInfo source = part.source();
        Transform transform = part.transform();
        RowGrid grid = part.grid();
        RowGrid all = transform.transposed() ? whole.turned() : whole;
        try {
            if (transform.order().count(all.rows()) == grid.rows()
                    && transform.columns().count(all.columns()) == grid.columns()
                    && all.tables() == grid.tables()
                    && source.type() == first.source().type()) {
                return;
            }
        } catch (ConvertException e) {
            throw new ConvertException("tensor " + source.name() + ": " + e.getMessage());
        }
        throw new ConvertException(
                "tensor %s: found %s %s, expected what makes up %s, with %d rows and one type, together with its like"
                        .formatted(source.name(), source.type(), source.shape(), name, all.rows()));
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
        private final Map<String, List<Part>> parts;
        private final Map<SafetensorInfo, Float> numbers;
        private Arena arena = Arena.ofConfined();

        Data(GgufFile file, Map<String, List<Part>> parts, Map<SafetensorInfo, Float> numbers) {
            this.file = file;
            this.parts = parts;
            this.numbers = numbers;
        }

        MemorySegment of(SafetensorInfo tensor) {
            arena.close();
            arena = Arena.ofConfined();
            Float number = numbers.get(tensor);
            if (number != null) {
                MemorySegment to = arena.allocate(tensor.bytes(), 64);
                RowCodec.encode(tensor.name(), TensorType.F32, new float[] {number}, to, 0);
                return to;
            }
            List<Part> sources = parts.get(tensor.name());
            if (sources == null) {
                throw new IllegalArgumentException("not planned: " + tensor.name());
            }
            MemorySegment to = arena.allocate(Math.max(1, tensor.bytes()), 64);
            RowGrid whole = whole(sources);
            sources.forEach(part -> write(tensor, part, whole, to));
            return to.asSlice(0, tensor.bytes());
        }

        private void write(SafetensorInfo tensor, Part part, RowGrid whole, MemorySegment to) {
            RowGrid grid = part.grid();
            TensorType type = part.source().type();
            long each = type.bytes(grid.elements());
            MemorySegment from = file.data(part.source()).asSlice(part.expert() * each, each);
            TensorType target = TensorType.valueOf(tensor.type().name());
            BlockCodec codec = BlockCodec.of(type);
            Transform transform = part.transform();
            RowGrid all = transform.transposed() ? whole.turned() : whole;
            boolean inRows = !transform.transposed() && transform.columns() == RowOrder.ALL;
            int columns = grid.columns();
            int size = tensor.type().bits() / 8;
            float[] row = new float[columns];
            float[] one = new float[1];
            for (long r = 0; r < grid.rows() * grid.tables(); r++) {
                long table = r / grid.rows();
                long within = r % grid.rows();
                long toRow = transform.order().source(within, all.rows());
                codec.decode(from, type.bytes(r * columns), row, 0, columns);
                for (int c = 0; c < columns; c++) {
                    row[c] = transform.values().toCheckpoint(row[c], within);
                }
                if (inRows) {
                    long at = all.place(table, toRow, 0, false) * size;
                    RowCodec.encode(tensor.name(), target, row, to, at);
                    continue;
                }
                for (int c = 0; c < columns; c++) {
                    one[0] = row[c];
                    int toColumn = (int) transform.columns().source(c, all.columns());
                    long at = all.place(table, toRow, toColumn, transform.transposed()) * size;
                    RowCodec.encode(tensor.name(), target, one, to, at);
                }
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
