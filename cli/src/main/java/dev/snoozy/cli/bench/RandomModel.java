package dev.snoozy.cli.bench;

import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.compress.DiskSpace;
import dev.snoozy.compress.Mixture;
import dev.snoozy.format.FileTypes;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of random weights: as large and as fast as a real one of its shape, with nothing to say.
 *
 * <p>Written a tensor at a time, so the memory it takes is that of the largest tensor.
 */
final class RandomModel {
    private static final String TOKENIZER = "tokenizer.";
    private static final String TOKENS = "tokenizer.ggml.tokens";

    private final Metadata metadata;
    private final List<TensorInfo> tensors;
    private final long seed;

    private RandomModel(Metadata metadata, List<TensorInfo> tensors, long seed) {
        this.metadata = metadata;
        this.tensors = tensors;
        this.seed = seed;
    }

    /**
     * A model that can be written.
     *
     * @param vocabulary a GGUF file to take the tokenizer from, or null for a made-up one
     * @throws FormatException if that file has none
     */
    static RandomModel of(Shape wanted, Mixture mixture, long seed, @Nullable String vocabulary)
            throws IOException {
        Metadata tokenizer =
                vocabulary == null
                        ? new Metadata(RandomVocabulary.metadata(wanted.vocabulary()))
                        : tokenizer(vocabulary);
        Shape shape = wanted.withVocabulary(tokenizer.strings(TOKENS).length);
        Map<String, Object> keys = new LinkedHashMap<>(shape.metadata());
        keys.put("general.name", "random " + shape.name() + " " + mixture.name());
        keys.put("general.quantization_version", 2);
        if (isKnown(mixture)) {
            keys.put(FileTypes.KEY, mixture.fileType());
        }
        keys.putAll(tokenizer.values());
        return new RandomModel(new Metadata(keys), shape.tensors(mixture), seed);
    }

    /** Whether the number of a mixture, which several may share, is that of its own name. */
    private static boolean isKnown(Mixture mixture) {
        return Mixture.all().stream()
                .filter(m -> m.fileType() == mixture.fileType())
                .findFirst()
                .filter(m -> m.name().equals(mixture.name()))
                .isPresent();
    }

    /** The tokenizer of a file, key by key as it stands there. */
    private static Metadata tokenizer(String name) throws IOException {
        try (GgufFile file = Models.open(name)) {
            Map<String, Object> keys = new LinkedHashMap<>();
            file.metadata()
                    .values()
                    .forEach((key, value) -> {
                        if (key.startsWith(TOKENIZER)) {
                            keys.put(key, value);
                        }
                    });
            return new Metadata(keys);
        }
    }

    /** Bytes of all weights. */
    long bytes() {
        return tensors.stream().mapToLong(TensorInfo::bytes).sum();
    }

    /**
     * Writes the file, whole or not at all.
     *
     * @throws IOException if it cannot be written, or there is no room for it
     */
    void write(Path target) throws IOException {
        DiskSpace.require(target, bytes());
        long largest = tensors.stream().mapToLong(TensorInfo::bytes).max().orElse(0);
        try (Arena arena = Arena.ofConfined();
                Progress progress = Progress.of("writing " + target.getFileName(), bytes())) {
            MemorySegment buffer = arena.allocate(largest, Long.BYTES);
            long[] done = new long[1];
            GgufWriter.write(
                    target,
                    metadata,
                    tensors,
                    tensor -> {
                        progress.done(done[0]);
                        done[0] += tensor.bytes();
                        return filled(buffer.asSlice(0, tensor.bytes()), tensor);
                    });
        }
    }

    private MemorySegment filled(MemorySegment data, TensorInfo tensor) {
        long own = RandomBlocks.seed(seed, tensor.name());
        if (tensor.shape().size() == 1) {
            RandomBlocks.fillAroundOne(data, own);
        } else {
            double deviation = 1 / Math.sqrt(tensor.shape().getFirst());
            RandomBlocks.fill(data, tensor.type(), deviation, own);
        }
        return data;
    }
}
