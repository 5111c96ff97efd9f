package dev.snoozy.compress.convert;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.ValueType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a GGUF file into several and joins them, as {@code gguf-split} of llama.cpp does: {@code
 * NAME-00001-of-00003.gguf}, the metadata in the first, the keys {@code split.*} in each.
 */
public final class GgufShards {
    private static final String SPLIT = "split.";
    private static final int MOST = 0xffff; // split.count has 16 bits

    private GgufShards() {}

    /**
     * Splits a file. The first shard is written last: without it nobody takes the others for a
     * model.
     *
     * @param name of the shards, with its folder, without their numbers and ending
     * @param most bytes of tensors in a shard; a larger tensor has one of its own
     * @return the shards
     */
    public static List<Path> split(Path source, Path name, long most) throws IOException {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "size of a shard: expected 1 byte or more, found " + most);
        }
        try (GgufFile file = GgufFile.open(source)) {
            List<List<TensorInfo>> shards = shards(file, most);
            int count = shards.size();
            if (count > MOST) {
                throw new ConvertException(
                        "%d shards of %d bytes: expected at most %d; cure: larger ones"
                                .formatted(count, most, MOST));
            }
            List<Path> paths = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                paths.add(
                        name.resolveSibling(
                                "%s-%05d-of-%05d.gguf"
                                        .formatted(name.getFileName(), i + 1, count)));
            }
            for (int i = count - 1; i >= 0; i--) {
                Metadata metadata = metadata(file, i, count);
                GgufWriter.write(paths.get(i), metadata, shards.get(i), file::data);
            }
            return paths;
        }
    }

    private static List<List<TensorInfo>> shards(GgufFile file, long most) {
        List<List<TensorInfo>> shards = new ArrayList<>(List.of(new ArrayList<>()));
        long bytes = 0;
        for (TensorInfo tensor : file.tensors()) {
            if (bytes > 0 && bytes + tensor.bytes() > most) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.getLast().add(tensor);
            bytes += tensor.bytes();
        }
        return shards;
    }

    private static Metadata metadata(GgufFile file, int number, int count) {
        Map<String, Object> values = number == 0 ? whole(file) : new LinkedHashMap<>();
        values.put("split.no", new MetadataValue(ValueType.UINT16, number));
        values.put("split.count", new MetadataValue(ValueType.UINT16, count));
        int tensors = file.tensors().size();
        values.put("split.tensors.count", new MetadataValue(ValueType.INT32, tensors));
        return new Metadata(values);
    }

    /** The metadata without what belongs to shards. */
    private static Map<String, Object> whole(GgufFile file) {
        Map<String, Object> values = new LinkedHashMap<>();
        file.metadata()
                .values()
                .forEach((key, value) -> {
                    if (!key.startsWith(SPLIT)) {
                        values.put(key, value);
                    }
                });
        return values;
    }

    /** Joins the shards of a model, given its first. */
    public static void join(Path first, Path target) throws IOException {
        try (GgufFile file = GgufFile.open(first)) {
            if (file.shards() == 1) {
                throw new ConvertException(first + ": expected the first of several shards");
            }
            List<TensorInfo> tensors = List.copyOf(file.tensors());
            GgufWriter.write(target, new Metadata(whole(file)), tensors, file::data);
        }
    }
}
