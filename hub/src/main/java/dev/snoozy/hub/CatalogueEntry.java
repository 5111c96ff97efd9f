package dev.snoozy.hub;

import dev.snoozy.format.GgufHeader;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of the {@link Catalogue}. Immutable.
 *
 * @param repository {@code user/repository} of Hugging Face
 * @param title what people call it
 * @param license by its short name
 * @param purposes what it is good for: {@code chat}, {@code code}, {@code reasoning}, {@code
 *     languages} (other than English), {@code search} (vectors), {@code small} (for little memory)
 * @param parameters how many weights it has, about
 * @param contextLength positions it was trained with
 * @param network the lengths that memory depends on
 * @param quantizations that the repository has, the smallest first
 */
public record CatalogueEntry(
        String repository,
        String title,
        String license,
        List<String> purposes,
        long parameters,
        int contextLength,
        Network network,
        List<Quantization> quantizations) {
    /** Columns of the weight that stands for all: whole blocks of every type. */
    private static final long COLUMNS = 4096;

    public CatalogueEntry {
        purposes = List.copyOf(purposes);
        quantizations = List.copyOf(quantizations);
    }

    /**
     * The lengths of a network.
     *
     * @param architecture by GGUF's name
     * @param window positions that some layers look back at; 0 if all look at all
     */
    public record Network(
            String architecture,
            int layers,
            int embedding,
            int heads,
            int kvHeads,
            int keyLength,
            int feedForward,
            int vocabulary,
            int window) {}

    /**
     * A number format that can be had.
     *
     * @param name such as {@code Q4_K_M}
     * @param bytes of its file, about
     */
    public record Quantization(String name, long bytes) {
        /** What most of its weights are. */
        private TensorType type() {
            String type = name.replaceFirst("_[SML]$", "");
            for (TensorType known : TensorType.values()) {
                if (known.name().equals(type)) {
                    return known;
                }
            }
            throw new HubException("the catalogue has a number format " + name);
        }
    }

    /** By which a number format of it is pulled. */
    public String reference(Quantization quantization) {
        return repository + ":" + quantization.name();
    }

    /**
     * A header with the lengths of the network and one weight that stands for all of them, by which
     * the memory is reckoned without asking anybody.
     */
    public GgufHeader header(Quantization quantization) {
        String prefix = network.architecture() + ".";
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.architecture", network.architecture());
        values.put(prefix + "block_count", network.layers());
        values.put(prefix + "context_length", contextLength);
        values.put(prefix + "embedding_length", network.embedding());
        values.put(prefix + "feed_forward_length", network.feedForward());
        values.put(prefix + "attention.head_count", network.heads());
        values.put(prefix + "attention.head_count_kv", network.kvHeads());
        values.put(prefix + "attention.key_length", network.keyLength());
        values.put(prefix + "attention.value_length", network.keyLength());
        values.put(prefix + "vocab_size", network.vocabulary());
        if (network.window() > 0) {
            values.put(prefix + "attention.sliding_window", network.window());
        }
        TensorInfo weights =
                TensorInfo.of(
                        "blk.0.ffn_gate.weight",
                        quantization.type(),
                        List.of(COLUMNS, Math.max(1, parameters / COLUMNS)));
        return new GgufHeader(new Metadata(values), List.of(weights));
    }
}
