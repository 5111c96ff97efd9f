package dev.snoozy.kernels;

/**
 * How positions turn queries and keys (Su et al. 2021, RoFormer). Pair {@code i} of a head is
 * turned by the angle {@code position * frequencies[i]}; columns past the pairs stay as they are.
 *
 * @param pairing which two columns make a pair
 * @param frequencies one per pair, radians per position, with every scaling already applied
 * @param magnitude what the turned columns are multiplied with (YaRN's attention factor), else 1
 */
public record Rope(Pairing pairing, float[] frequencies, float magnitude) {
    /** Which two columns of a head make pair {@code i} of {@code n}. */
    public enum Pairing {
        /** Columns {@code 2i} and {@code 2i + 1}: llama as converted to GGUF. */
        ADJACENT,
        /** Columns {@code i} and {@code i + n}: GPT-NeoX and what follows it. */
        HALVES
    }
}
