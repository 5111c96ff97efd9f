package dev.snoozy.compress.imatrix;

import dev.snoozy.compress.imatrix.ImatrixFile.Entry;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Importance matrices in GGUF, as llama.cpp reads them since 2025: for each weight the F32 tensors
 * {@code NAME.in_sum2} and {@code NAME.counts}, and the keys {@code general.type}, {@code
 * imatrix.datasets}, {@code imatrix.chunk_count} and {@code imatrix.chunk_size}.
 */
final class GgufImatrix {
    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
    private static final String SUMS = ".in_sum2";
    private static final String COUNTS = ".counts";
    private static final String TYPE = "general.type";
    private static final String DATASETS = "imatrix.datasets";
    private static final String CHUNKS = "imatrix.chunk_count";
    private static final String CHUNK_SIZE = "imatrix.chunk_size";

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private GgufImatrix() {}

    /** Whether a file begins as GGUF does. */
    static boolean is(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    static ImatrixFile read(Path path) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            Metadata metadata = file.metadata();
            String type = metadata.string(TYPE, "model");
            if (!type.equals("imatrix")) {
                throw new FormatException(
                        "%s: expected an importance matrix (%s imatrix), found a %s"
                                .formatted(path, TYPE, type));
            }
            SortedMap<String, Entry> entries = new TreeMap<>();
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.name().endsWith(SUMS)) {
                    String name = without(tensor.name(), SUMS);
                    entries.put(name, entry(file, tensor, name));
                } else if (!tensor.name().endsWith(COUNTS)) {
                    throw new FormatException(
                            "%s: found the tensor %s, expected only names that end in %s or %s"
                                    .formatted(path, tensor.name(), SUMS, COUNTS));
                }
            }
            List<String> datasets =
                    metadata.has(DATASETS) ? List.of(metadata.strings(DATASETS)) : List.of();
            return new ImatrixFile(
                    entries,
                    datasets,
                    metadata.integer(CHUNKS, 0),
                    metadata.integer(CHUNK_SIZE, 0));
        }
    }

    private static Entry entry(GgufFile file, TensorInfo sums, String name) {
        TensorInfo counts = file.tensor(name + COUNTS);
        if (counts == null) {
            throw new FormatException(
                    "found the tensor %s, expected %s beside it"
                            .formatted(sums.name(), name + COUNTS));
        }
        float[] tokens = values(file, counts);
        long columns = sums.shape().isEmpty() ? 0 : sums.shape().getFirst();
        if (columns < 1 || sums.elements() != columns * tokens.length) {
            throw new FormatException(
                    "tensor %s: found the shape %s beside %d counts, expected as many rows as counts"
                            .formatted(sums.name(), sums.shape(), tokens.length));
        }
        return new Entry((int) columns, values(file, sums), tokens);
    }

    private static float[] values(GgufFile file, TensorInfo tensor) {
        if (tensor.type() != TensorType.F32 || tensor.elements() > Integer.MAX_VALUE) {
            throw new FormatException(
                    "tensor %s: expected F32 and fewer than 2^31 elements, found %s %s"
                            .formatted(tensor.name(), tensor.type(), tensor.shape()));
        }
        float[] values = new float[(int) tensor.elements()];
        MemorySegment.copy(file.data(tensor), FLOAT, 0, values, 0, values.length);
        return values;
    }

    static void write(ImatrixFile imatrix, Path target) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put(TYPE, "imatrix");
        metadata.put(DATASETS, imatrix.datasets().toArray(String[]::new));
        metadata.put(CHUNKS, imatrix.chunks());
        metadata.put(CHUNK_SIZE, imatrix.chunkSize());
        List<TensorInfo> tensors = new ArrayList<>();
        imatrix.entries()
                .forEach((name, entry) -> {
                    long matrices = entry.matrices();
                    tensors.add(f32(name + SUMS, List.of((long) entry.columns(), matrices)));
                    tensors.add(f32(name + COUNTS, List.of(1L, matrices)));
                });
        GgufWriter.write(
                target, new Metadata(metadata), tensors, tensor -> data(imatrix, tensor.name()));
    }

    private static TensorInfo f32(String name, List<Long> shape) {
        return TensorInfo.of(name, TensorType.F32, shape);
    }

    private static MemorySegment data(ImatrixFile imatrix, String tensor) {
        boolean sums = tensor.endsWith(SUMS);
        String weight = without(tensor, sums ? SUMS : COUNTS);
        Entry entry = Objects.requireNonNull(imatrix.entries().get(weight), weight);
        float[] values = sums ? entry.sums() : entry.counts();
        MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
        return data;
    }

    private static String without(String name, String end) {
        return name.substring(0, name.length() - end.length());
    }
}
