package dev.snoozy.curate.dedup;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of every row, one row after the other. The first ones stay on the heap; what does not
 * fit there goes into a temporary file, which is read through a mapping. One thread adds; when
 * {@link #seal} has been called, any number reads.
 */
final class WordStore implements AutoCloseable {
    private static final int CHUNK = 1 << 20;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final int chunksOnHeap;
    private final List<int[]> chunks = new ArrayList<>();
    private int[] current = new int[CHUNK];
    private long size;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private @Nullable Arena arena;
    private MemorySegment spilled = MemorySegment.NULL;

    /**
     * @param folder where the temporary file may lie; it is made when it is needed
     * @param heap bytes that may stay in memory
     */
    WordStore(Path folder, long heap) {
        this.folder = folder;
        chunksOnHeap = (int) Math.min(Integer.MAX_VALUE, heap / (4L * CHUNK));
    }

    /** Words so far: where the next row will begin. */
    long size() {
        return size;
    }

    void add(int[] words) throws IOException {
        for (int done = 0; done < words.length; ) {
            int at = (int) (size % CHUNK);
            int n = Math.min(words.length - done, CHUNK - at);
            System.arraycopy(words, done, current, at, n);
            done += n;
            size += n;
            if (at + n == CHUNK) {
                finishChunk();
            }
        }
    }

    private void finishChunk() throws IOException {
        if (chunks.size() < chunksOnHeap) {
            chunks.add(current);
            current = new int[CHUNK];
            return;
        }
        if (channel == null) {
            Path made = Files.createTempFile(folder, "duplicates-", ".words");
            file = made;
            channel = FileChannel.open(made, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(current);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes what was added readable. More may be added, and must be sealed again. */
    void seal() throws IOException {
        if (channel != null && spilled.byteSize() < channel.size()) {
            if (arena != null) {
                arena.close();
            }
            arena = Arena.ofShared();
            spilled = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** Some words in a row. */
    int[] read(long start, int count) {
        int[] words = new int[count];
        long heapEnd = (long) chunks.size() * CHUNK;
        long fileEnd = heapEnd + spilled.byteSize() / 4;
        for (int done = 0; done < count; ) {
            long from = start + done;
            int at = (int) (from % CHUNK);
            int n = Math.min(count - done, CHUNK - at);
            if (from < heapEnd) {
                System.arraycopy(chunks.get((int) (from / CHUNK)), at, words, done, n);
            } else if (from < fileEnd) {
                MemorySegment.copy(spilled, INT, 4 * (from - heapEnd), words, done, n);
            } else {
                System.arraycopy(current, at, words, done, n);
            }
            done += n;
        }
        return words;
    }

    /** Gives everything back and deletes the file. */
    @Override
    public void close() throws IOException {
        chunks.clear();
        current = new int[0];
        spilled = MemorySegment.NULL;
        if (arena != null) {
            arena.close();
            arena = null;
        }
        if (channel != null) {
            channel.close();
            channel = null;
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
