package dev.snoozy.format;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, mapped into memory (GGUF specification, versions 2 and 3).
 *
 * <p>Immutable and thread-safe. Whoever opens it closes it; data segments die with it.
 */
public final class GgufFile implements AutoCloseable {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final Metadata metadata;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, MemorySegment> data;

    private GgufFile(
            Arena arena,
            Metadata metadata,
            Map<String, TensorInfo> tensors,
            Map<String, MemorySegment> data) {
        this.arena = arena;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.data = data;
    }

    /** Opens and checks a file. */
    public static GgufFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Reads a file that lies in memory, for instance one that came out of a gzip stream. */
    public static GgufFile of(byte[] bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment file = arena.allocate(bytes.length, 64);
            return read(file.copyFrom(MemorySegment.ofArray(bytes)), arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public Metadata metadata() {
        return metadata;
    }

    /** The tensors in file order. */
    public Collection<TensorInfo> tensors() {
        return tensors.values();
    }

    /** The tensor of that name, or null. */
    public @Nullable TensorInfo tensor(String name) {
        return tensors.get(name);
    }

    /**
     * The bytes of a tensor of this file, read-only and exactly as long as {@link
     * TensorInfo#bytes()}.
     */
    public MemorySegment data(TensorInfo tensor) {
        MemorySegment segment = data.get(tensor.name());
        if (segment == null) {
            throw new FormatException("no tensor " + tensor.name());
        }
        return segment;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static GgufFile read(MemorySegment file, Arena arena) {
        Cursor in = new Cursor(file);
        in.next(4);
        in.int32();
        long tensorCount = in.int64();
        long keyCount = in.int64();
        Map<String, Object> values = new LinkedHashMap<>();
        for (long i = 0; i < keyCount; i++) {
            String key = in.string();
            values.put(key, in.value(in.int32()));
        }
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, Long> offsets = new LinkedHashMap<>();
        for (long i = 0; i < tensorCount; i++) {
            String name = in.string();
            List<Long> shape = new ArrayList<>();
            int dimensions = in.int32();
            for (int d = 0; d < dimensions; d++) {
                shape.add(in.int64());
            }
            TensorType type = TensorType.byId(in.int32()).orElseThrow();
            offsets.put(name, in.int64());
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            tensors.put(name, new TensorInfo(name, type, shape, type.bytes(elements)));
        }
        Metadata metadata = new Metadata(values);
        long alignment = metadata.integer("general.alignment", 32);
        long start = (in.position + alignment - 1) / alignment * alignment;
        Map<String, MemorySegment> data = new LinkedHashMap<>();
        tensors.forEach((name, tensor) ->
                data.put(
                        name,
                        file.asSlice(start + offsets.getOrDefault(name, 0L), tensor.bytes())
                                .asReadOnly()));
        return new GgufFile(arena, metadata, tensors, data);
    }

    private static final class Cursor {
        private final MemorySegment file;
        private long position;

        Cursor(MemorySegment file) {
            this.file = file;
        }

        long next(long bytes) {
            long at = position;
            position += bytes;
            return at;
        }

        int int32() {
            return file.get(INT, next(4));
        }

        long int64() {
            return file.get(LONG, next(8));
        }

        String string() {
            long length = int64();
            byte[] bytes = file.asSlice(next(length), length).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        Object value(int type) {
            return switch (type) {
                case 0, 1 -> (int) file.get(ValueLayout.JAVA_BYTE, next(1));
                case 4, 5 -> int32();
                case 6 -> Float.intBitsToFloat(int32());
                case 7 -> file.get(ValueLayout.JAVA_BYTE, next(1)) != 0;
                case 8 -> string();
                case 9 -> array(int32(), (int) int64());
                case 10, 11 -> int64();
                case 12 -> Double.longBitsToDouble(int64());
                default -> throw new FormatException("metadata value type " + type);
            };
        }

        private Object array(int type, int length) {
            switch (type) {
                case 0, 1 -> {
                    int[] values = new int[length];
                    for (int i = 0; i < length; i++) {
                        values[i] = file.get(ValueLayout.JAVA_BYTE, next(1));
                    }
                    return values;
                }
                case 4, 5 -> {
                    int[] values = new int[length];
                    for (int i = 0; i < length; i++) {
                        values[i] = int32();
                    }
                    return values;
                }
                case 6 -> {
                    float[] values = new float[length];
                    for (int i = 0; i < length; i++) {
                        values[i] = Float.intBitsToFloat(int32());
                    }
                    return values;
                }
                case 8 -> {
                    String[] values = new String[length];
                    for (int i = 0; i < length; i++) {
                        values[i] = string();
                    }
                    return values;
                }
                default -> throw new FormatException("metadata array of type " + type);
            }
        }
    }
}
