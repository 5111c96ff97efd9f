package dev.snoozy.format;

import dev.snoozy.format.json.JsonWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors files.
 *
 * <p>Tensors are asked for one at a time, in their order, and written a part at a time, so a file
 * that is larger than memory can be written. The data begins at a multiple of eight bytes; whoever
 * gives wide types first keeps all tensors aligned. Stateless.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /** Gives the data of the tensors. */
    @FunctionalInterface
    public interface Source {
        /**
         * The little-endian bytes of a tensor, exactly {@link SafetensorInfo#bytes()}. Used until
         * the next call.
         */
        MemorySegment data(SafetensorInfo tensor) throws IOException;
    }

    /**
     * Writes a file. The file is there as a whole or not at all: after an error or a crash an older
     * file of that name is untouched.
     *
     * @param metadata becomes {@code __metadata__}, which is left out if there is none
     * @param tensors in the order in which they are to be written; where they begin is of no
     *     account
     * @throws FormatException if two tensors have the same name, a name cannot stand in a file, the
     *     header grows longer than readers read, or the source gives data of another size
     */
    public static void write(
            Path target, Map<String, String> metadata, List<SafetensorInfo> tensors, Source source)
            throws IOException {
        AtomicFile.write(target, channel -> write(channel, metadata, tensors, source));
    }

    /** Writes into memory. */
    public static byte[] bytes(
            Map<String, String> metadata, List<SafetensorInfo> tensors, Source source) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(Channels.newChannel(out), metadata, tensors, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(
            WritableByteChannel channel,
            Map<String, String> metadata,
            List<SafetensorInfo> tensors,
            Source source)
            throws IOException {
        byte[] header = header(metadata, tensors);
        ByteBuffer length = ByteBuffer.allocate(SafetensorsReader.LENGTH_BYTES);
        length.order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length);
        GgufWriter.writeAll(channel, length);
        GgufWriter.writeAll(channel, ByteBuffer.wrap(header));
        for (SafetensorInfo tensor : tensors) {
            MemorySegment data = source.data(tensor);
            if (data.byteSize() != tensor.bytes()) {
                throw new FormatException(
                        "tensor %s: expected %d bytes to write, found %d"
                                .formatted(tensor.name(), tensor.bytes(), data.byteSize()));
            }
            GgufWriter.copy(channel, data);
        }
    }

    /** The JSON text, padded with spaces to a multiple of eight bytes. */
    private static byte[] header(Map<String, String> metadata, List<SafetensorInfo> tensors) {
        JsonWriter json = new JsonWriter().beginObject();
        if (!metadata.isEmpty()) {
            json.name(SafetensorsReader.METADATA).beginObject();
            metadata.forEach((key, value) -> json.name(key).string(value));
            json.endObject();
        }
        Set<String> names = new HashSet<>(Set.of(SafetensorsReader.METADATA));
        long begin = 0;
        for (SafetensorInfo tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new FormatException(
                        "found a second tensor %s to write, expected another name"
                                .formatted(tensor.name()));
            }
            begin = member(json, tensor, begin);
        }
        byte[] text = json.endObject().toByteArray();
        long padded = GgufReader.alignUp(text.length, ALIGNMENT);
        if (padded > SafetensorsReader.LONGEST_HEADER) {
            throw new FormatException(
                    "found a header of %d bytes to write, expected at most %d; write several files"
                            .formatted(padded, SafetensorsReader.LONGEST_HEADER));
        }
        byte[] header = Arrays.copyOf(text, (int) padded);
        Arrays.fill(header, text.length, header.length, (byte) ' ');
        return header;
    }

    private static long member(JsonWriter json, SafetensorInfo tensor, long begin) {
        long size = SafetensorInfo.bytes(tensor.name(), tensor.type(), tensor.shape());
        if (size != tensor.bytes()) {
            throw new FormatException(
                    "tensor %s: found %d bytes, expected the %d of %s %s"
                            .formatted(
                                    tensor.name(),
                                    tensor.bytes(),
                                    size,
                                    tensor.type(),
                                    tensor.shape()));
        }
        long end = Math.addExact(begin, size);
        json.name(tensor.name()).beginObject();
        json.name("dtype").string(tensor.type().name());
        json.name("shape").beginArray();
        tensor.shape().forEach(json::integer);
        json.endArray();
        json.name("data_offsets").beginArray().integer(begin).integer(end).endArray();
        json.endObject();
        return end;
    }
}
