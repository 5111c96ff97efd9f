package dev.snoozy.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header, the metadata and the list of tensors of one GGUF file (GGUF specification,
 * versions 2 and 3), and checks all of it before anything is used: at least what the reference
 * reader of ggml checks, in exact 64-bit arithmetic.
 */
final class GgufReader {
    static final int MAGIC = 0x46554747; // "GGUF" as a little-endian int
    static final int DEFAULT_ALIGNMENT = 32;
    static final int LONGEST_NAME = 63;
    static final int MOST_DIMENSIONS = 4;

    private static final int HEADER_BYTES = 24;
    private static final int LEAST_PAIR_BYTES = 8 + 1 + 4 + 1;
    private static final int LEAST_TENSOR_BYTES = 8 + 1 + 4 + 4 + 8;
    private static final long MOST_ELEMENTS = 1L << 30;
    private static final ValueLayout.OfInt LITTLE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long fileBytes;
    private final ByteOrder order;
    private final Cursor in;

    private GgufReader(MemorySegment file, long fileBytes, ByteOrder order) {
        this.fileBytes = fileBytes;
        this.order = order;
        this.in = new Cursor(file, order, 8);
    }

    /**
     * What stands before the data of a file.
     *
     * @param order byte order of all numbers, those of the data too
     * @param tensors in file order
     * @param start byte at which the data of the first tensor begins
     */
    record Head(
            int version, ByteOrder order, Metadata metadata, List<TensorInfo> tensors, long start) {
        /** Bytes to which the data of each tensor is padded. */
        int alignment() {
            return alignmentOf(metadata);
        }
    }

    static Head read(MemorySegment file) {
        return read(file, file.byteSize());
    }

    /** Reads the beginning of a file of a size, all of it or less. */
    static Head read(MemorySegment file, long fileBytes) {
        if (file.byteSize() == 0) {
            throw new FormatException("not a GGUF file: it is empty");
        }
        if (file.byteSize() < 4 || file.get(LITTLE, 0) != MAGIC) {
            throw new FormatException(
                    "not a GGUF file: expected the bytes \"GGUF\" at its start, found "
                            + start(file));
        }
        if (file.byteSize() < HEADER_BYTES) {
            throw new FormatException(
                    "truncated GGUF file: expected a header of %d bytes, found %d"
                            .formatted(HEADER_BYTES, file.byteSize()));
        }
        int version = file.get(LITTLE, 4);
        ByteOrder order = order(version);
        return new GgufReader(file, fileBytes, order)
                .head(order == ByteOrder.BIG_ENDIAN ? Integer.reverseBytes(version) : version);
    }

    private static ByteOrder order(int version) {
        if (version == 2 || version == 3) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        int swapped = Integer.reverseBytes(version);
        if (swapped == 2 || swapped == 3) {
            return ByteOrder.BIG_ENDIAN;
        }
        String cure = version == 1 ? "; convert the model again with current tools" : "";
        throw new FormatException(
                "GGUF version: found %s, expected 2 or 3%s"
                        .formatted(Integer.toUnsignedString(version), cure));
    }

    private Head head(int version) {
        long tensorCount;
        long pairCount;
        try {
            tensorCount = in.count("number of tensors", LEAST_TENSOR_BYTES);
            pairCount = in.count("number of metadata pairs", LEAST_PAIR_BYTES);
        } catch (FormatException e) {
            if (order == ByteOrder.BIG_ENDIAN) {
                throw new FormatException(
                        "the version is that of a big-endian file, but " + e.getMessage(), e);
            }
            throw e;
        }
        Metadata metadata = metadata(pairCount);
        int alignment = alignmentOf(metadata);
        List<TensorInfo> tensors = tensors(tensorCount, alignment);
        long start = alignUp(in.position(), alignment);
        checkData(tensors, start, alignment);
        return new Head(version, order, metadata, tensors, start);
    }

    private Metadata metadata(long count) {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            long at = in.position();
            String key = in.string("metadata key " + i);
            if (key.isEmpty()) {
                throw new FormatException("metadata key " + i + " at byte " + at + " is empty");
            }
            ValueType type = valueType(key, in.int32("type of metadata key " + shown(key)));
            MetadataValue value =
                    type == ValueType.ARRAY
                            ? array(key)
                            : new MetadataValue(type, single(type, key));
            if (values.put(key, value) != null) {
                throw new FormatException("metadata key " + shown(key) + " stands there twice");
            }
        }
        return new Metadata(values);
    }

    private static ValueType valueType(String key, int id) {
        return ValueType.byId(id)
                .orElseThrow(() ->
                        new FormatException(
                                "metadata key %s: found value type %s, expected 0 to 12"
                                        .formatted(shown(key), Integer.toUnsignedString(id))));
    }

    private Object single(ValueType type, String key) {
        return switch (type) {
            case UINT8 -> Byte.toUnsignedInt(in.int8(key));
            case INT8 -> (int) in.int8(key);
            case UINT16 -> Short.toUnsignedInt(in.int16(key));
            case INT16 -> (int) in.int16(key);
            case UINT32 -> unsigned(in.int32(key));
            case INT32 -> in.int32(key);
            case FLOAT32 -> Float.intBitsToFloat(in.int32(key));
            case BOOL -> in.int8(key) != 0;
            case STRING -> in.string("metadata key " + shown(key));
            case UINT64, INT64 -> in.int64(key);
            case FLOAT64 -> Double.longBitsToDouble(in.int64(key));
            case ARRAY -> throw new IllegalArgumentException("an array is no single value");
        };
    }

    private static Object unsigned(int bits) {
        if (bits >= 0) {
            return bits;
        }
        return Integer.toUnsignedLong(bits);
    }

    private MetadataValue array(String key) {
        ValueType type = valueType(key, in.int32("element type of " + shown(key)));
        if (type == ValueType.ARRAY) {
            throw new FormatException(
                    "metadata key %s: found an array of arrays, expected an array of single values"
                            .formatted(shown(key)));
        }
        long count = in.count("length of the array " + shown(key), type.leastBytes());
        if (count > MOST_ELEMENTS) {
            throw new FormatException(
                    "metadata key %s: found an array of %d elements, expected at most %d"
                            .formatted(shown(key), count, MOST_ELEMENTS));
        }
        return new MetadataValue(type, elements(type, key, (int) count));
    }

    private Object elements(ValueType type, String key, int count) {
        switch (type) {
            case UINT8, INT8, UINT16, INT16, INT32 -> {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) single(type, key);
                }
                return values;
            }
            case UINT32 -> {
                return unsigned(key, count);
            }
            case UINT64, INT64 -> {
                long[] values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = in.int64(key);
                }
                return values;
            }
            case FLOAT32 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(in.int32(key));
                }
                return values;
            }
            case FLOAT64 -> {
                double[] values = new double[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Double.longBitsToDouble(in.int64(key));
                }
                return values;
            }
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = in.int8(key) != 0;
                }
                return values;
            }
            case STRING -> {
                String[] values = new String[count];
                String what = "an element of " + shown(key);
                for (int i = 0; i < count; i++) {
                    values[i] = in.string(what);
                }
                return values;
            }
            case ARRAY -> throw new IllegalArgumentException("an array of arrays");
        }
        throw new IllegalArgumentException("type " + type);
    }

    /** As {@code int[]} if all fit, which is the rule, else as {@code long[]}. */
    private Object unsigned(String key, int count) {
        int[] values = new int[count];
        boolean fits = true;
        for (int i = 0; i < count; i++) {
            values[i] = in.int32(key);
            fits &= values[i] >= 0;
        }
        if (fits) {
            return values;
        }
        long[] wide = new long[count];
        for (int i = 0; i < count; i++) {
            wide[i] = Integer.toUnsignedLong(values[i]);
        }
        return wide;
    }

    private static int alignmentOf(Metadata metadata) {
        int alignment = metadata.integer("general.alignment", DEFAULT_ALIGNMENT);
        if (Integer.bitCount(alignment) != 1 || alignment < 1) {
            throw new FormatException(
                    "general.alignment: found %d, expected a power of two".formatted(alignment));
        }
        return alignment;
    }

    private List<TensorInfo> tensors(long count, int alignment) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        long offset = 0;
        for (long i = 0; i < count; i++) {
            TensorInfo tensor = tensor(i, offset);
            if (tensors.put(tensor.name(), tensor) != null) {
                throw new FormatException("tensor " + tensor.name() + " stands there twice");
            }
            offset = following(tensor, offset, alignment);
        }
        return new ArrayList<>(tensors.values());
    }

    private TensorInfo tensor(long index, long expectedOffset) {
        String name = in.string("name of tensor " + index);
        checkName(name, index);
        int dimensions = in.int32("dimensions of tensor " + name);
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw new FormatException(
                    "tensor %s: found %s dimensions, expected at most %d"
                            .formatted(
                                    name, Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
        }
        List<Long> shape = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            shape.add(in.int64("shape of tensor " + name));
        }
        int id = in.int32("type of tensor " + name);
        TensorType type =
                TensorType.byId(id)
                        .orElseThrow(() -> new FormatException(TensorType.unknown(name, id)));
        long bytes = TensorInfo.bytes(name, type, shape);
        long offset = in.int64("offset of tensor " + name);
        if (offset != expectedOffset) {
            throw new FormatException(
                    "tensor %s: found the offset %s, expected %d, where the tensor before it ends"
                            .formatted(name, Long.toUnsignedString(offset), expectedOffset));
        }
        return new TensorInfo(name, type, shape, bytes);
    }

    /** Names are looked up, shown and may become parts of file names, so they are plain. */
    static void checkName(String name, long index) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LONGEST_NAME) {
            throw new FormatException(
                    "tensor %d: found a name of %d bytes, expected 1 to %d"
                            .formatted(index, bytes, LONGEST_NAME));
        }
        boolean plain =
                name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (!plain) {
            throw new FormatException(
                    "tensor %d: found the name %s, expected one without slashes and control characters"
                            .formatted(index, shown(name)));
        }
    }

    private static long following(TensorInfo tensor, long offset, int alignment) {
        try {
            return alignUp(Math.addExact(offset, tensor.bytes()), alignment);
        } catch (ArithmeticException e) {
            throw new FormatException(
                    "tensor %s: its data would end beyond 2^63 bytes".formatted(tensor.name()), e);
        }
    }

    private void checkData(List<TensorInfo> tensors, long start, int alignment) {
        long offset = start;
        for (TensorInfo tensor : tensors) {
            long left = fileBytes - offset;
            if (tensor.bytes() > Math.max(left, 0)) {
                throw new FormatException(
                        "truncated GGUF file: tensor %s needs %d bytes at byte %d, found %d"
                                .formatted(
                                        tensor.name(), tensor.bytes(), offset, Math.max(left, 0)));
            }
            offset = following(tensor, offset, alignment);
        }
    }

    static long alignUp(long position, int alignment) {
        return Math.addExact(position, alignment - 1L) & -(long) alignment;
    }

    private static String start(MemorySegment file) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < Math.min(4, file.byteSize()); i++) {
            bytes.append(i == 0 ? "" : " ")
                    .append("%02x".formatted(file.get(ValueLayout.JAVA_BYTE, i)));
        }
        return bytes.toString();
    }

    /** A name as it may stand in a message: short, and without what would confuse a terminal. */
    static String shown(String name) {
        String head = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        StringBuilder text = new StringBuilder();
        head.codePoints()
                .forEach(c -> {
                    if (Character.isISOControl(c)) {
                        text.append("\\u%04x".formatted(c));
                    } else {
                        text.appendCodePoint(c);
                    }
                });
        return text.toString();
    }
}
