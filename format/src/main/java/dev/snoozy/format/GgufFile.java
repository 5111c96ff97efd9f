package dev.snoozy.format;

import dev.snoozy.format.block.ByteSwap;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, or all shards of a split one, mapped into memory (GGUF specification, versions 2 and
 * 3, of either byte order).
 *
 * <p>Everything that stands before the data is checked when the file is opened; nothing is
 * allocated by a size that a file announces but does not hold. The data is not copied, except that
 * of a big-endian file, whose numbers are turned round.
 *
 * <p>Immutable and thread-safe. Whoever opens it closes it; data segments die with it.
 */
public final class GgufFile implements AutoCloseable {
    private final Arena arena;
    private final List<MemorySegment> files;
    private final List<GgufReader.Head> heads;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, MemorySegment> data = new LinkedHashMap<>();

    private GgufFile(Arena arena, List<MemorySegment> files) {
        this.arena = arena;
        this.files = files;
        this.heads = files.stream().map(GgufReader::read).toList();
        for (int i = 0; i < files.size(); i++) {
            add(heads.get(i), files.get(i));
        }
    }

    /**
     * Opens and checks a file. If it is the first shard of a split model, the others are opened
     * too.
     *
     * @throws FormatException if the file, or a shard of it, is not a well-formed GGUF file
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static GgufFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment first = MappedFile.map(path, "GGUF", arena);
            List<MemorySegment> files =
                    Shards.open(path, first, shard -> MappedFile.map(shard, "GGUF", arena));
            return new GgufFile(arena, files);
        } catch (FormatException e) {
            arena.close();
            throw new FormatException(path.getFileName() + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads a file that lies in memory, for instance one that came out of a gzip stream.
     *
     * @throws FormatException if it is not a well-formed GGUF file, or one shard of several
     */
    public static GgufFile of(byte[] bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment file = arena.allocate(bytes.length, 64);
            file.copyFrom(MemorySegment.ofArray(bytes));
            GgufFile gguf = new GgufFile(arena, List.of(file));
            Shards.refuse(gguf.metadata());
            return gguf;
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private void add(GgufReader.Head head, MemorySegment file) {
        long offset = head.start();
        for (TensorInfo tensor : head.tensors()) {
            if (tensors.put(tensor.name(), tensor) != null) {
                throw new FormatException("tensor " + tensor.name() + " stands in two shards");
            }
            MemorySegment bytes = file.asSlice(offset, tensor.bytes());
            if (head.order() == ByteOrder.BIG_ENDIAN) {
                bytes = ByteSwap.swapped(tensor.type(), bytes, arena);
            }
            data.put(tensor.name(), bytes.asReadOnly());
            offset = GgufReader.alignUp(offset + tensor.bytes(), head.alignment());
        }
    }

    /** Version of the format: 2 or 3. */
    public int version() {
        return heads.getFirst().version();
    }

    /** Byte order of the file. The data that {@link #data} gives is little endian all the same. */
    public ByteOrder byteOrder() {
        return heads.getFirst().order();
    }

    /** Number of files that the model is split into; 1 if it is not. */
    public int shards() {
        return heads.size();
    }

    /** The metadata, that of the first shard if the model is split. */
    public Metadata metadata() {
        return heads.getFirst().metadata();
    }

    /** The tensors in file order. */
    public Collection<TensorInfo> tensors() {
        return Collections.unmodifiableCollection(tensors.values());
    }

    /** The tensor of that name, or null. */
    public @Nullable TensorInfo tensor(String name) {
        return tensors.get(name);
    }

    /**
     * The bytes of a tensor of this file, read-only, little endian and exactly as long as {@link
     * TensorInfo#bytes()}.
     */
    public MemorySegment data(TensorInfo tensor) {
        MemorySegment segment = data.get(tensor.name());
        if (segment == null) {
            throw new FormatException("no tensor " + tensor.name());
        }
        return segment;
    }

    /**
     * Gives back the memory that pages of the file have taken by being read; they come again when
     * they are read again. For those who have made of the file what they need.
     */
    public void giveBack() {
        for (MemorySegment file : files) {
            if (file.isMapped()) {
                file.unload();
            }
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
