package dev.snoozy.compress.imatrix;

import dev.snoozy.compress.imatrix.ImatrixFile.Entry;
import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.FormatException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Importance matrices in the older form of llama.cpp ({@code imatrix.dat}): the number of entries;
 * for each the length of its name, the name, a number of calls, the number of values and the mean
 * squares times the calls; then, in newer files, the number of chunks and the name of the text. All
 * numbers have 32 bits, little endian.
 */
final class LegacyImatrix {
    private LegacyImatrix() {}

    static ImatrixFile read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return read(path.toString(), file);
        }
    }

    static ImatrixFile read(String what, ByteBuffer file) {
        ByteBuffer in = file.order(ByteOrder.LITTLE_ENDIAN);
        try {
            SortedMap<String, Entry> entries = new TreeMap<>();
            int count = size(what, in, "entries");
            for (int i = 0; i < count; i++) {
                String name = text(what, in);
                int calls = in.getInt();
                float[] values = new float[Math.min(size(what, in, name), in.remaining() / 4 + 1)];
                for (int j = 0; j < values.length; j++) {
                    values[j] = in.getFloat();
                }
                if (values.length == 0 || calls < 1) {
                    throw new FormatException(
                            "%s, entry %s: found %d values of %d calls, expected at least one"
                                    .formatted(what, name, values.length, calls));
                }
                Entry entry = new Entry(values.length, values, new float[] {calls});
                if (entries.put(name, entry) != null) {
                    throw new FormatException(what + ": entry " + name + " stands there twice");
                }
            }
            int chunks = in.hasRemaining() ? in.getInt() : 0;
            List<String> datasets = in.hasRemaining() ? List.of(text(what, in)) : List.of();
            return new ImatrixFile(entries, datasets, chunks, 0);
        } catch (BufferUnderflowException e) {
            throw new FormatException(
                    what + ": expected an importance matrix, found one that is cut off", e);
        }
    }

    private static int size(String what, ByteBuffer in, String of) {
        int size = in.getInt();
        if (size < 0) {
            throw new FormatException(
                    "%s: found %d values for %s; it is no importance matrix"
                            .formatted(what, size, of));
        }
        return size;
    }

    private static String text(String what, ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new FormatException(
                    "%s: found a name of %d bytes where %d are left; it is no importance matrix"
                            .formatted(what, length, in.remaining()));
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void write(ImatrixFile imatrix, Path target) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int calls = Math.max(1, imatrix.chunks());
        out.writeBytes(integer(imatrix.entries().size()));
        imatrix.entries()
                .forEach((name, entry) -> {
                    float[] means = entry.means();
                    text(out, name);
                    out.writeBytes(integer(calls));
                    out.writeBytes(integer(means.length));
                    ByteBuffer values = buffer(4 * means.length);
                    for (float mean : means) {
                        values.putFloat(mean * calls);
                    }
                    out.writeBytes(values.array());
                });
        out.writeBytes(integer(imatrix.chunks()));
        text(out, String.join(", ", imatrix.datasets()));
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        AtomicFile.write(
                target,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(integer(bytes.length));
        out.writeBytes(bytes);
    }

    private static byte[] integer(int value) {
        return buffer(4).putInt(value).array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
