package dev.snoozy.hub;

import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A GGUF file of random bytes, about as large as it should be. */
final class LargeModel {
    private LargeModel() {}

    static byte[] bytes(int size) throws IOException {
        byte[] data = new byte[size / 4 * 4];
        new Random(7).nextBytes(data);
        Path file = Files.createTempFile("large", ".gguf");
        try {
            TensorInfo tensor =
                    TensorInfo.of("weights", TensorType.F32, List.of((long) data.length / 4));
            GgufWriter.write(
                    file,
                    new Metadata(Map.of("general.architecture", "none")),
                    List.of(tensor),
                    t -> MemorySegment.ofArray(data));
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }
}
