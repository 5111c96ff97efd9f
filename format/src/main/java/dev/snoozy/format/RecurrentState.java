package dev.snoozy.format;

import java.util.regex.Pattern;

/** What the recurrent layers of a model remember of a text, by its metadata. */
final class RecurrentState {
    private static final int LARGEST = 1 << 24;
    private static final int USUAL_INTERVAL = 4;

    private static final Pattern PARAMETERS =
            Pattern.compile(
                    "\\.(ssm_(a|d|norm\\.weight|conv1d\\.weight)|shortconv\\.conv\\.weight)$");

    private RecurrentState() {}

    /**
     * Whether a tensor of a layer says how its state changes; such are small, and not multiplied.
     */
    static boolean isParameter(String name) {
        return PARAMETERS.matcher(name).find();
    }

    /**
     * Bytes of the state of a layer; 0 for a layer of attention.
     *
     * @param kvHeads of the layer, 0 where it has no attention
     */
    static long bytes(Metadata metadata, String prefix, int layer, int kvHeads) {
        if (attends(metadata, prefix, layer, kvHeads)) {
            return 0;
        }
        long embedding = length(metadata, prefix + "embedding_length");
        long inner = length(metadata, prefix + "ssm.inner_size");
        long kept = length(metadata, prefix + "ssm.state_size");
        long groups = length(metadata, prefix + "ssm.group_count");
        long past = Math.max(0, length(metadata, prefix + "ssm.conv_kernel") - 1);
        long recent = Math.max(0, length(metadata, prefix + "shortconv.l_cache") - 1);
        try {
            long convolved = Math.addExact(inner, Math.multiplyExact(2 * groups, kept));
            long numbers =
                    Math.addExact(
                            Math.addExact(
                                    Math.multiplyExact(inner, kept),
                                    Math.multiplyExact(past, convolved)),
                            Math.multiplyExact(recent, embedding));
            return Math.multiplyExact(numbers, (long) Float.BYTES);
        } catch (ArithmeticException e) {
            throw new FormatException("the lengths of the recurrent state are out of range");
        }
    }

    private static boolean attends(Metadata metadata, String prefix, int layer, int kvHeads) {
        boolean turns = prefix.equals("qwen35.") || prefix.equals("qwen35moe.");
        String key = prefix + "full_attention_interval";
        int interval = metadata.integer(key, turns ? USUAL_INTERVAL : 0);
        if (interval > 0) {
            return (layer + 1) % interval == 0;
        }
        boolean all = prefix.equals("mamba.") || prefix.equals("mamba2.");
        return kvHeads > 0 && !all;
    }

    private static int length(Metadata metadata, String key) {
        int value = metadata.integer(key, 0);
        if (value < 0 || value > LARGEST) {
            throw new FormatException(key + ": found " + value + ", expected up to " + LARGEST);
        }
        return value;
    }
}
