package dev.snoozy.format;

import dev.snoozy.format.json.JsonReader;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and checks what stands before the data of a safetensors file: eight bytes with the length
 * of the header, and the header, a JSON object with a member for each tensor. The tensors must fill
 * the rest of the file without gaps or overlaps, so no byte of it is without a meaning.
 */
final class SafetensorsReader {
    /** Where the file says how long its header is. */
    static final int LENGTH_BYTES = 8;

    /** The most that the reference implementation reads. */
    static final long LONGEST_HEADER = 100_000_000;

    static final String METADATA = "__metadata__";

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * What stands before the data.
     *
     * @param start where the data begins
     * @param tensors in the order of their data
     */
    record Head(long start, Map<String, String> metadata, List<SafetensorInfo> tensors) {}

    private final String what;
    private final JsonReader json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<SafetensorInfo> tensors = new ArrayList<>();

    private SafetensorsReader(String what, byte[] header) {
        this.what = what;
        this.json = new JsonReader("header of " + what, header);
    }

    /**
     * Reads the head of a file.
     *
     * @param what the name of the file, for messages
     * @throws FormatException if it is not well-formed, or does not fit the size of the file
     */
    static Head read(String what, MemorySegment file) {
        byte[] header = header(what, file);
        long start = LENGTH_BYTES + (long) header.length;
        SafetensorsReader reader = new SafetensorsReader(what, header);
        reader.json.object(reader::member);
        reader.json.end();
        reader.tensors.sort(
                Comparator.comparingLong(SafetensorInfo::begin)
                        .thenComparingLong(SafetensorInfo::end));
        reader.checkPlaces(file.byteSize() - start);
        return new Head(start, Collections.unmodifiableMap(reader.metadata), reader.tensors);
    }

    private static byte[] header(String what, MemorySegment file) {
        if (file.byteSize() < LENGTH_BYTES) {
            throw new FormatException(
                    "%s: found %d bytes, expected a safetensors file, which begins with 8 bytes for the length of its header"
                            .formatted(what, file.byteSize()));
        }
        long length = file.get(LONG, 0);
        long most = Math.min(LONGEST_HEADER, file.byteSize() - LENGTH_BYTES);
        if (length < 0 || length > most) {
            throw new FormatException(
                    "%s: found a header of %s bytes, expected at most %d; it is no safetensors file, or it is cut off"
                            .formatted(what, Long.toUnsignedString(length), most));
        }
        if (length == 0 || file.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) != '{') {
            throw new FormatException(
                    "%s: expected the header to begin with '{'; it is no safetensors file"
                            .formatted(what));
        }
        byte[] header = new byte[(int) length];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, LENGTH_BYTES, header, 0, header.length);
        return header;
    }

    private void member(String name) {
        if (name.equals(METADATA)) {
            json.object(key -> metadata.put(key, json.string()));
        } else {
            tensors.add(new Entry(name).read());
        }
    }

    /** The member of one tensor. */
    private final class Entry {
        private final String name;
        private @Nullable SafetensorType type;
        private @Nullable List<Long> shape;
        private long @Nullable [] range;

        Entry(String name) {
            this.name = name;
        }

        SafetensorInfo read() {
            int place = json.place();
            json.object(this::member);
            if (type == null || shape == null || range == null) {
                String missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
                throw json.wrong(
                        place, "the tensor " + name + " without " + missing, "it to have one");
            }
            long size = SafetensorInfo.bytes(name, type, shape);
            if (range[1] - range[0] != size) {
                throw new FormatException(
                        "%s, tensor %s: found %d bytes from %d to %d, expected the %d of %s %s"
                                .formatted(
                                        what,
                                        name,
                                        range[1] - range[0],
                                        range[0],
                                        range[1],
                                        size,
                                        type,
                                        shape));
            }
            return new SafetensorInfo(name, type, shape, range[0], range[1]);
        }

        private void member(String key) {
            int place = json.place();
            switch (key) {
                case "dtype" -> type = type(place, json.string());
                case "shape" -> shape = numbers(SafetensorInfo.MOST_DIMENSIONS);
                case "data_offsets" -> {
                    List<Long> two = numbers(2);
                    if (two.size() != 2 || two.get(0) > two.get(1)) {
                        throw json.wrong(
                                place, two.toString(), "the first byte and the one after the last");
                    }
                    range = new long[] {two.get(0), two.get(1)};
                }
                default ->
                        throw json.wrong(
                                place,
                                "the member " + key + " of the tensor " + name,
                                "only dtype, shape and data_offsets");
            }
        }

        private SafetensorType type(int place, String type) {
            return SafetensorType.byName(type)
                    .orElseThrow(() ->
                            json.wrong(
                                    place,
                                    "the dtype " + type + " of the tensor " + name,
                                    "one of " + Arrays.toString(SafetensorType.values())));
        }

        private List<Long> numbers(int most) {
            List<Long> numbers = new ArrayList<>();
            json.array(() -> {
                int place = json.place();
                long number = json.integer();
                if (number < 0 || numbers.size() == most) {
                    throw json.wrong(
                            place,
                            "the number " + number + " after " + numbers.size() + " others",
                            "at most " + most + ", none below 0");
                }
                numbers.add(number);
            });
            return numbers;
        }
    }

    /** The tensors, by their first byte, must follow each other and end where the file ends. */
    private void checkPlaces(long available) {
        long next = 0;
        for (SafetensorInfo tensor : tensors) {
            if (tensor.begin() != next || tensor.end() > available) {
                throw new FormatException(
                        "%s, tensor %s: found bytes %d to %d, expected it to begin at %d and end within the %d of the file's data"
                                .formatted(
                                        what,
                                        tensor.name(),
                                        tensor.begin(),
                                        tensor.end(),
                                        next,
                                        available));
            }
            next = tensor.end();
        }
        if (next != available) {
            throw new FormatException(
                    "%s: found %d bytes of data, expected the %d of its %d tensors"
                            .formatted(what, available, next, tensors.size()));
        }
    }
}
