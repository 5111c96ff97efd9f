package dev.snoozy.hub;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.ValueType;
import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tiny model in two files. */
final class TwoShards {
    private TwoShards() {}

    static List<byte[]> of(Path folder) throws IOException {
        List<byte[]> shards = new ArrayList<>();
        try (GgufFile whole = GgufFile.of(TinyModel.llama().bytes())) {
            List<TensorInfo> tensors = List.copyOf(whole.tensors());
            for (int i = 0; i < 2; i++) {
                Map<String, MetadataValue> keys = new LinkedHashMap<>();
                if (i == 0) {
                    keys.putAll(whole.metadata().values());
                }
                keys.put("split.no", new MetadataValue(ValueType.UINT16, i));
                keys.put("split.count", new MetadataValue(ValueType.UINT16, 2));
                keys.put("split.tensors.count", new MetadataValue(ValueType.INT32, tensors.size()));
                List<TensorInfo> own =
                        i == 0 ? tensors.subList(0, 3) : tensors.subList(3, tensors.size());
                Path file = folder.resolve("m-0000" + (i + 1) + "-of-00002.gguf");
                GgufWriter.write(file, new Metadata(keys), own, whole::data);
                shards.add(Files.readAllBytes(file));
            }
        }
        return shards;
    }
}
