package dev.snoozy.compress;

import dev.snoozy.format.Metadata;

/**
 * What the choice of types asks of a model beside its tensors.
 *
 * @param architecture as in {@code general.architecture}
 * @param layers how many
 * @param heads query heads of a layer
 * @param kvHeads key and value heads of a layer
 * @param experts of a layer, 0 if there are none
 */
public record ModelShape(String architecture, int layers, int heads, int kvHeads, int experts) {
    private static final int LAYERS_OF_70B = 80;

    /**
     * Reads it from a model's metadata.
     *
     * @throws dev.snoozy.format.FormatException if the architecture is missing
     */
    public static ModelShape of(Metadata metadata) {
        String architecture = metadata.string("general.architecture");
        String prefix = architecture + ".";
        int heads = first(metadata, prefix + "attention.head_count", 0);
        return new ModelShape(
                architecture,
                first(metadata, prefix + "block_count", 0),
                heads,
                first(metadata, prefix + "attention.head_count_kv", heads),
                first(metadata, prefix + "expert_count", 0));
    }

    /** The number, or that of the first layer where each has its own. */
    private static int first(Metadata metadata, String key, int otherwise) {
        return metadata.get(key) instanceof int[] each
                ? each.length == 0 ? otherwise : each[0]
                : metadata.integer(key, otherwise);
    }

    /** Query heads that share a key and value head. */
    int sharing() {
        return kvHeads == 0 ? 0 : heads / kvHeads;
    }

    /** Whether it is of the size that spends more bits on shared values. */
    boolean is70B() {
        return switch (architecture) {
            case "llama" -> layers == LAYERS_OF_70B && heads != kvHeads;
            case "qwen2", "deci" -> layers == LAYERS_OF_70B;
            default -> false;
        };
    }

    boolean isFalcon() {
        return architecture.equals("falcon");
    }
}
