package dev.snoozy.tune;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
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
 * Where a run stands, such that it goes on to the same bits: the matrices and the moments of the
 * optimizer in F64. The order of the data follows from the seed and the step. A GGUF file, written
 * as a whole or not at all.
 *
 * @param identity of the options and data, which must be the same to go on
 * @param steps done
 * @param best the lowest validation loss so far; NaN for none
 * @param bestStep when it was measured
 * @param stale measurements since then
 * @param before the validation loss of the base; NaN for none
 */
record Checkpoint(String identity, int steps, double best, int bestStep, int stale, double before) {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    void write(Path file, List<Lora> adapters, AdamW optimizer) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.type", "checkpoint");
        values.put("tune.identity", identity);
        values.put("tune.steps", steps);
        values.put("tune.best", bits(best));
        values.put("tune.best_step", bestStep);
        values.put("tune.stale", stale);
        values.put("tune.before", bits(before));
        Map<String, double[]> arrays = arrays(adapters, optimizer);
        List<TensorInfo> tensors = new ArrayList<>();
        arrays.forEach((name, array) ->
                tensors.add(TensorInfo.of(name, TensorType.F64, List.of((long) array.length))));
        GgufWriter.write(
                file,
                new Metadata(values),
                tensors,
                tensor -> bytes(arrays.getOrDefault(tensor.name(), new double[0])));
    }

    /**
     * Reads a file into the matrices and the optimizer.
     *
     * @throws TuneException if it is of another run
     */
    static Checkpoint read(Path file, String identity, List<Lora> adapters, AdamW optimizer)
            throws IOException {
        try (GgufFile gguf = GgufFile.open(file)) {
            Metadata metadata = gguf.metadata();
            String found = metadata.string("tune.identity", "");
            if (!found.equals(identity)) {
                throw new TuneException(
                        file
                                + " belongs to a run with other options or data; cure: the same"
                                + " options, or another folder. There: "
                                + found
                                + ". Here: "
                                + identity);
            }
            arrays(adapters, optimizer).forEach((name, array) -> read(file, gguf, name, array));
            Checkpoint read =
                    new Checkpoint(
                            found,
                            metadata.integer("tune.steps"),
                            number(metadata.string("tune.best")),
                            metadata.integer("tune.best_step"),
                            metadata.integer("tune.stale"),
                            number(metadata.string("tune.before")));
            optimizer.resume(read.steps);
            return read;
        } catch (FormatException | NumberFormatException e) {
            throw new TuneException(
                    file + " is no sound checkpoint: " + e.getMessage() + "; cure: begin anew", e);
        }
    }

    private static String bits(double value) {
        return Double.toHexString(value);
    }

    private static double number(String hex) {
        return Double.parseDouble(hex);
    }

    private static void read(Path file, GgufFile gguf, String name, double[] target) {
        TensorInfo tensor = gguf.tensor(name);
        if (tensor == null
                || tensor.type() != TensorType.F64
                || tensor.elements() != target.length) {
            throw new TuneException(file + ": expected " + target.length + " numbers for " + name);
        }
        MemorySegment data = gguf.data(tensor);
        for (int i = 0; i < target.length; i++) {
            target[i] = data.get(DOUBLE, (long) i * Double.BYTES);
        }
    }

    /** All that changes, by names. */
    private static Map<String, double[]> arrays(List<Lora> adapters, AdamW optimizer) {
        Map<String, double[]> arrays = new LinkedHashMap<>();
        int moments = 0;
        for (int i = 0; i < adapters.size(); i++) {
            for (Lora.Trained part : adapters.get(i).trained()) {
                String name = i + "." + part.name();
                AdamW.Moments mine = optimizer.moments().get(moments++);
                arrays.put(name, part.values());
                arrays.put(name + ".m", mine.first());
                arrays.put(name + ".v", mine.second());
            }
        }
        return arrays;
    }

    private static MemorySegment bytes(double[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * Double.BYTES]);
        for (int i = 0; i < values.length; i++) {
            data.set(DOUBLE, (long) i * Double.BYTES, values[i]);
        }
        return data;
    }
}
