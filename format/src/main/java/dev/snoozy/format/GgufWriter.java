package dev.snoozy.format;

import dev.snoozy.format.block.ByteSwap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes GGUF files, version 3 (GGUF specification).
 *
 * <p>Tensors are asked for one at a time, in their order, so a model that is larger than memory can
 * be written. Stateless.
 */
public final class GgufWriter {
    private static final int VERSION = 3;
    private static final int CHUNK = 1 << 20;

    private GgufWriter() {}

    /** Gives the data of the tensors. */
    @FunctionalInterface
    public interface Source {
        /**
         * The little-endian bytes of a tensor, exactly {@link TensorInfo#bytes()}. Used until the
         * next call.
         */
        MemorySegment data(TensorInfo tensor) throws IOException;
    }

    /** Writes the data of the tensors, a part at a time. */
    @FunctionalInterface
    public interface Producer {
        /** Writes the little-endian bytes of a tensor, exactly {@link TensorInfo#bytes()}. */
        void write(TensorInfo tensor, WritableByteChannel target) throws IOException;
    }

    /**
     * Writes a file whose tensors need not lie in memory as a whole. The file is there as a whole
     * or not at all, as with {@link #write}.
     *
     * @throws FormatException if two tensors have the same name, a name is too long, or the
     *     producer writes data of another size
     */
    public static void stream(
            Path target, Metadata metadata, List<TensorInfo> tensors, Producer producer)
            throws IOException {
        AtomicFile.write(
                target,
                channel -> {
                    try (WriteBehind disk = new WriteBehind(channel, WriteBehind.STEP)) {
                        Producer counted = (tensor, to) -> counted(channel, tensor, producer, disk);
                        write(channel, metadata, tensors, counted, ByteOrder.LITTLE_ENDIAN);
                    }
                });
    }

    private static void counted(
            FileChannel channel, TensorInfo tensor, Producer producer, WriteBehind disk)
            throws IOException {
        long start = channel.position();
        producer.write(tensor, new Counted(channel, disk));
        checkSize(tensor, channel.position() - start);
    }

    /** Tells the disk about every part. */
    private record Counted(FileChannel file, WriteBehind disk) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer part) throws IOException {
            int written = file.write(part);
            disk.written();
            return written;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {
            // The file is not the producer's to close.
        }
    }

    /**
     * The bytes of a file that is not written yet.
     *
     * @throws FormatException as {@link #write} does
     */
    public static long size(Metadata metadata, List<TensorInfo> tensors) {
        long size = head(metadata, tensors, ByteOrder.LITTLE_ENDIAN).toByteArray().length;
        for (TensorInfo tensor : tensors) {
            size = Math.addExact(size, GgufReader.alignUp(tensor.bytes(), alignment(metadata)));
        }
        return size;
    }

    /**
     * Writes a file. The file is there as a whole or not at all: after an error or a crash an older
     * file of that name is untouched.
     *
     * @throws FormatException if two tensors have the same name, a name is too long, or the source
     *     gives data of another size
     */
    public static void write(
            Path target, Metadata metadata, List<TensorInfo> tensors, Source source)
            throws IOException {
        AtomicFile.write(
                target,
                channel -> {
                    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
                    write(channel, metadata, tensors, producer(source, order), order);
                });
    }

    /** Writes into memory. */
    public static byte[] bytes(Metadata metadata, List<TensorInfo> tensors, Source source) {
        return bytes(metadata, tensors, source, ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes into memory, with all numbers in the given byte order. */
    static byte[] bytes(
            Metadata metadata, List<TensorInfo> tensors, Source source, ByteOrder order) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(Channels.newChannel(out), metadata, tensors, producer(source, order), order);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Producer producer(Source source, ByteOrder order) {
        return (tensor, channel) -> data(channel, tensor, source.data(tensor), order);
    }

    private static void write(
            WritableByteChannel channel,
            Metadata metadata,
            List<TensorInfo> tensors,
            Producer producer,
            ByteOrder order)
            throws IOException {
        int alignment = alignment(metadata);
        FieldWriter head = head(metadata, tensors, order);
        writeAll(channel, ByteBuffer.wrap(head.toByteArray()));
        for (TensorInfo tensor : tensors) {
            producer.write(tensor, channel);
            long padding = GgufReader.alignUp(tensor.bytes(), alignment) - tensor.bytes();
            writeAll(channel, ByteBuffer.allocate((int) padding));
        }
    }

    private static int alignment(Metadata metadata) {
        return metadata.integer("general.alignment", GgufReader.DEFAULT_ALIGNMENT);
    }

    /** All that stands before the data. */
    private static FieldWriter head(Metadata metadata, List<TensorInfo> tensors, ByteOrder order) {
        FieldWriter head = new FieldWriter(order);
        head.bytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        head.int32(VERSION);
        head.int64(tensors.size());
        head.int64(metadata.values().size());
        metadata.values()
                .forEach((key, value) -> {
                    head.string(key);
                    head.value(value);
                });
        tensors(head, tensors, alignment(metadata));
        head.pad(alignment(metadata));
        return head;
    }

    private static void tensors(FieldWriter head, List<TensorInfo> tensors, int alignment) {
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (TensorInfo tensor : tensors) {
            GgufReader.checkName(tensor.name(), names.size());
            if (!names.add(tensor.name())) {
                throw new FormatException("tensor " + tensor.name() + " is to be written twice");
            }
            head.string(tensor.name());
            head.int32(tensor.shape().size());
            tensor.shape().forEach(head::int64);
            head.int32(tensor.type().id());
            head.int64(offset);
            offset = GgufReader.alignUp(Math.addExact(offset, tensor.bytes()), alignment);
        }
    }

    private static void data(
            WritableByteChannel channel, TensorInfo tensor, MemorySegment data, ByteOrder order)
            throws IOException {
        checkSize(tensor, data.byteSize());
        if (order == ByteOrder.LITTLE_ENDIAN) {
            copy(channel, data);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            copy(channel, ByteSwap.swapped(tensor.type(), data, arena));
        }
    }

    private static void checkSize(TensorInfo tensor, long found) {
        if (found != tensor.bytes()) {
            throw new FormatException(
                    "tensor %s: expected %d bytes to write, found %d"
                            .formatted(tensor.name(), tensor.bytes(), found));
        }
    }

    /** Writes the bytes of a segment, a part at a time. */
    static void copy(WritableByteChannel channel, MemorySegment data) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
            writeAll(channel, ByteBuffer.wrap(chunk, 0, length));
        }
    }

    static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
