package dev.snoozy.kernels;

/**
 * The constants of an attention operation.
 *
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; divides {@code heads}, query head {@code h} reads
 *     head {@code h / (heads / kvHeads)}
 * @param scale what the products of queries and keys are multiplied with
 * @param softcap if not 0, a score {@code s} becomes {@code softcap * tanh(s / softcap)} (Gemma 2)
 */
public record AttentionSpec(int heads, int kvHeads, float scale, float softcap) {
    public AttentionSpec {
        if (heads <= 0 || kvHeads <= 0 || heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "attention needs head counts where the second divides the first, found "
                            + heads
                            + " and "
                            + kvHeads);
        }
    }
}
