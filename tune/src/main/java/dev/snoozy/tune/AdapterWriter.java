package dev.snoozy.tune;

import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes adapters as GGUF, as llama.cpp loads them: for each weight {@code .lora_a [rank, in]} and
 * {@code .lora_b [out, rank]} in F32. With magnitudes there is {@code .lora_magnitude [out]} beside
 * them, which llama.cpp refuses by its name: such an adapter has to be merged.
 */
final class AdapterWriter {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What the name of magnitudes ends in. */
    static final String MAGNITUDE = ".lora_magnitude";

    private AdapterWriter() {}

    /**
     * Writes a file, which is there as a whole or not at all.
     *
     * @param architecture of the base
     * @param alpha readers scale the deltas by {@code alpha / rank}
     */
    static void write(
            Path target, String name, String architecture, double alpha, List<Lora> adapters)
            throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.architecture", architecture);
        values.put("general.type", "adapter");
        values.put("general.name", name);
        values.put("adapter.type", "lora");
        values.put("adapter.lora.alpha", (float) alpha);
        List<TensorInfo> tensors = new ArrayList<>();
        Map<String, double[]> data = new LinkedHashMap<>();
        for (Lora lora : adapters) {
            add(tensors, data, lora.weight() + ".lora_a", lora.in(), lora.rank(), lora.a());
            add(tensors, data, lora.weight() + ".lora_b", lora.rank(), lora.out(), lora.b());
            if (lora.hasMagnitude()) {
                String magnitude = lora.weight() + MAGNITUDE;
                tensors.add(TensorInfo.of(magnitude, TensorType.F32, List.of((long) lora.out())));
                data.put(magnitude, lora.magnitude());
            }
        }
        GgufWriter.write(
                target,
                new Metadata(values),
                tensors,
                tensor -> floats(data.getOrDefault(tensor.name(), new double[0])));
    }

    private static void add(
            List<TensorInfo> tensors,
            Map<String, double[]> data,
            String name,
            long columns,
            long rows,
            double[] values) {
        tensors.add(TensorInfo.of(name, TensorType.F32, List.of(columns, rows)));
        data.put(name, values);
    }

    private static MemorySegment floats(double[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
        for (int i = 0; i < values.length; i++) {
            data.set(FLOAT, (long) i * Float.BYTES, (float) values[i]);
        }
        return data;
    }
}
