package dev.snoozy.curate.pipeline;

import dev.snoozy.format.AtomicFile;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Entries on the disk in sorted runs, which reading merges (external merge sort). A run is there as
 * a whole or not at all and says how far the inputs were read when it was written: whoever finds
 * runs goes on from there.
 */
final class Runs {
    private static final int BUFFER = 1 << 16;

    /** Files that are open at the same time. */
    private static final int FAN_IN = 512;

    private static final long RUN_BYTES = 48L << 20;

    /**
     * How far the inputs have been read.
     *
     * @param input the number of the input that is being read
     * @param rows of it that lie in runs
     */
    record Position(int input, long rows) {}

    private final Path folder;
    private final long runBytes;
    private final List<Path> files = new ArrayList<>();
    private List<Entry> open = new ArrayList<>();
    private long openBytes;
    private Position position = new Position(0, 0);

    /** Finds the runs that lie in a folder already. */
    Runs(Path folder, long heap) throws IOException {
        this.folder = folder;
        this.runBytes = Math.min(RUN_BYTES, Math.max(1 << 20, heap / 8));
        for (Path run = name(0); Files.exists(run); run = name(files.size())) {
            files.add(run);
            try (DataInputStream in = stream(run)) {
                position = new Position(in.readInt(), in.readLong());
            }
        }
    }

    private Path name(int number) {
        return folder.resolve("run-%06d.bin".formatted(number));
    }

    Position position() {
        return position;
    }

    void add(Entry entry) {
        open.add(entry);
        openBytes += entry.bytes();
    }

    /** Writes what has come together, if it is enough. */
    void reached(Position now, boolean last) throws IOException {
        if (openBytes < runBytes && !last) {
            return;
        }
        position = now;
        Collections.sort(open);
        Path file = name(files.size());
        List<Entry> entries = open;
        write(
                file,
                out -> {
                    for (Entry entry : entries) {
                        entry.write(out);
                    }
                });
        files.add(file);
        open = new ArrayList<>();
        openBytes = 0;
    }

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private void write(Path file, Content content) throws IOException {
        Disk.write(
                folder,
                () ->
                        AtomicFile.write(
                                file,
                                channel -> {
                                    DataOutputStream out =
                                            new DataOutputStream(
                                                    new BufferedOutputStream(
                                                            Channels.newOutputStream(channel),
                                                            BUFFER));
                                    out.writeInt(position.input);
                                    out.writeLong(position.rows);
                                    content.write(out);
                                    out.flush();
                                }));
    }

    /** Takes entries in their order. */
    @FunctionalInterface
    interface Sink {
        void accept(Entry entry) throws IOException, InterruptedException;
    }

    /** Makes so few files of many that all can be open at once. Only when all is read. */
    void compact() throws IOException, InterruptedException {
        int merged = 0;
        while (files.size() > FAN_IN) {
            List<Path> some = List.copyOf(files.subList(0, FAN_IN));
            Path target = folder.resolve("merged-%06d.bin".formatted(merged++));
            write(
                    target,
                    out -> {
                        try {
                            merge(some, entry -> entry.write(out));
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException("stopped");
                        }
                    });
            files.subList(0, FAN_IN).clear();
            files.add(target);
        }
    }

    /** All entries in their order. */
    void read(Sink sink) throws IOException, InterruptedException {
        merge(files, sink);
    }

    private static void merge(List<Path> files, Sink sink)
            throws IOException, InterruptedException {
        PriorityQueue<Head> heads = new PriorityQueue<>();
        List<DataInputStream> streams = new ArrayList<>();
        try {
            for (Path file : files) {
                DataInputStream in = stream(file);
                streams.add(in);
                in.readInt();
                in.readLong();
                next(in, heads);
            }
            for (Head head = heads.poll(); head != null; head = heads.poll()) {
                sink.accept(head.entry);
                next(head.in, heads);
            }
        } finally {
            for (DataInputStream in : streams) {
                in.close();
            }
        }
    }

    private record Head(Entry entry, DataInputStream in) implements Comparable<Head> {
        @Override
        public int compareTo(Head other) {
            return entry.compareTo(other.entry);
        }
    }

    private static void next(DataInputStream in, PriorityQueue<Head> heads) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return;
        }
        in.reset();
        try {
            heads.add(new Head(Entry.read(in), in));
        } catch (EOFException e) {
            throw new IOException("a temporary file ends too early; cure: start again", e);
        }
    }

    private static DataInputStream stream(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
    }
}
