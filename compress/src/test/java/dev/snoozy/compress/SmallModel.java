package dev.snoozy.compress;

import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A few matrices of random F32 numbers in a GGUF file, for whoever quantizes them. */
final class SmallModel {
    private final Map<String, float[]> data = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Random random = new Random(1);

    /** Adds a tensor of normal numbers. */
    SmallModel with(String name, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        TensorInfo tensor = TensorInfo.of(name, TensorType.F32, dimensions);
        float[] x = new float[(int) tensor.elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        tensors.put(name, tensor);
        data.put(name, x);
        return this;
    }

    /** Changes an element. */
    SmallModel set(String name, int index, float value) {
        elements(name)[index] = value;
        return this;
    }

    float[] elements(String name) {
        return Objects.requireNonNull(data.get(name));
    }

    /** The file. */
    byte[] bytes() {
        Metadata metadata =
                new Metadata(Map.of("general.architecture", "llama", "llama.block_count", 1));
        return GgufWriter.bytes(
                metadata, List.copyOf(tensors.values()), t -> segment(elements(t.name())));
    }

    private static MemorySegment segment(float[] x) {
        ByteBuffer bytes =
                ByteBuffer.allocate(x.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(x);
        return MemorySegment.ofBuffer(bytes);
    }
}
