package dev.snoozy.format;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, or all files of a sharded checkpoint, mapped into memory.
 *
 * <p>Headers are checked to the last byte when the file is opened; nothing is allocated by a size
 * that a file announces but does not hold. The data is not copied.
 *
 * <p>Immutable and thread-safe. Whoever opens it closes it; data segments die with it.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final Arena arena;
    private final List<SafetensorsReader.Head> heads = new ArrayList<>();
    private final Map<String, SafetensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, MemorySegment> data = new LinkedHashMap<>();

    private SafetensorsFile(Arena arena) {
        this.arena = arena;
    }

    /**
     * Opens and checks a file, or through an index ({@code NAME.safetensors.index.json}) all files
     * that it names.
     *
     * @throws FormatException if a file is not well-formed, or the files are not those of the index
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        refuseFolder(path);
        Arena arena = Arena.ofShared();
        try {
            SafetensorsFile file = new SafetensorsFile(arena);
            if (SafetensorsIndex.is(path)) {
                file.addShards(path, SafetensorsIndex.read(path));
            } else {
                MemorySegment segment = MappedFile.map(path, "safetensors", arena);
                String what = String.valueOf(path.getFileName());
                file.add(SafetensorsReader.read(what, segment), segment);
            }
            return file;
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads a file that lies in memory.
     *
     * @throws FormatException if it is not a well-formed safetensors file
     */
    public static SafetensorsFile of(byte[] bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment segment = arena.allocate(bytes.length, 64);
            segment.copyFrom(MemorySegment.ofArray(bytes));
            SafetensorsFile file = new SafetensorsFile(arena);
            file.add(SafetensorsReader.read("safetensors in memory", segment), segment);
            return file;
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static void refuseFolder(Path path) {
        if (Files.isDirectory(path)) {
            throw new FormatException(
                    "expected a safetensors file, found the folder %s; open the %s in it"
                            .formatted(
                                    path,
                                    "model.safetensors, or the model.safetensors.index.json if there is one,"));
        }
    }

    private void addShards(Path path, SafetensorsIndex index) throws IOException {
        for (String shard : index.tensors().keySet()) {
            MemorySegment segment = shard(path, shard, index);
            SafetensorsReader.Head head = SafetensorsReader.read(shard, segment);
            index.check(shard, head.tensors());
            add(head, segment);
        }
    }

    private MemorySegment shard(Path path, String shard, SafetensorsIndex index)
            throws IOException {
        try {
            return MappedFile.map(path.resolveSibling(shard), "safetensors", arena);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new FormatException(
                    "expected the %d files of the index beside it, found no %s; fetch it too"
                            .formatted(index.tensors().size(), shard),
                    e);
        }
    }

    private void add(SafetensorsReader.Head head, MemorySegment file) {
        heads.add(head);
        for (SafetensorInfo tensor : head.tensors()) {
            tensors.put(tensor.name(), tensor);
            long begin = head.start() + tensor.begin();
            data.put(tensor.name(), file.asSlice(begin, tensor.bytes()).asReadOnly());
        }
    }

    /** Number of files; 1 if the checkpoint is not sharded. */
    public int shards() {
        return heads.size();
    }

    /** The {@code __metadata__} of the file, that of the first shard if there are several. */
    public Map<String, String> metadata() {
        return heads.getFirst().metadata();
    }

    /** The tensors in the order of their data. */
    public Collection<SafetensorInfo> tensors() {
        return Collections.unmodifiableCollection(tensors.values());
    }

    /** The tensor of that name, or null. */
    public @Nullable SafetensorInfo tensor(String name) {
        return tensors.get(name);
    }

    /**
     * The bytes of a tensor of this file, read-only, little endian and exactly as long as {@link
     * SafetensorInfo#bytes()}. They may begin at any address: read them with unaligned layouts.
     */
    public MemorySegment data(SafetensorInfo tensor) {
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
}
