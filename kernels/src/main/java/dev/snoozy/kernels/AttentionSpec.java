package dev.snoozy.kernels;

/**
 * The constants of an attention operation.
 *
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; divides {@code heads}, query head {@code h} reads
 *     head {@code h / (heads / kvHeads)}
 * @param scale what the products of queries and keys are multiplied with
 * @param softcap if not 0, a score {@code s} becomes {@code softcap * tanh(s / softcap)} (Gemma 2)
 * @param alibi if not 0, scores fall with the distance of the positions (Press et al. 2022, ALiBi),
 *     in each head by its {@link #slope}; this is the largest exponent of a slope, usually 8
 * @param sinks {@code [heads]}, scores of a position that has no value: a query may look at nothing
 *     (Xiao et al. 2024; OpenAI 2025, gpt-oss); or empty
 */
public record AttentionSpec(
        int heads, int kvHeads, float scale, float softcap, float alibi, float[] sinks) {
    private static final float[] NONE = {};

    public AttentionSpec {
        if (heads <= 0 || kvHeads <= 0 || heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "attention needs head counts where the second divides the first, found "
                            + heads
                            + " and "
                            + kvHeads);
        }
    }

    /** Attention without sinks. */
    public AttentionSpec(int heads, int kvHeads, float scale, float softcap, float alibi) {
        this(heads, kvHeads, scale, softcap, alibi, NONE);
    }

    /** Attention whose scores do not fall with the distance. */
    public AttentionSpec(int heads, int kvHeads, float scale, float softcap) {
        this(heads, kvHeads, scale, softcap, 0);
    }

    /**
     * What is taken off a score of a query head for each position between query and key: {@code
     * 2^(-alibi (h + 1) / n)} for the first {@code n} heads, where {@code n} is the largest power
     * of two that is not above their number; the others have the odd steps of twice as many.
     */
    public float slope(int head) {
        if (alibi == 0) {
            return 0;
        }
        int n = Integer.highestOneBit(heads);
        double step = head < n ? head + 1 : (2 * (head - n) + 1) / 2.0;
        return (float) Math.pow(2, -alibi * step / n);
    }

    /** The same with sinks. */
    public AttentionSpec withSinks(float[] scores) {
        if (scores.length != heads) {
            throw new IllegalArgumentException(
                    "expected the sinks of " + heads + " heads, found " + scores.length);
        }
        return new AttentionSpec(heads, kvHeads, scale, softcap, alibi, scores);
    }

    /**
     * The sum of a head's weights, its sink among them.
     *
     * @param sum of {@code exp(score - max)} over the positions seen
     */
    public float withSink(int head, float sum, float max) {
        return sinks.length == 0 ? sum : sum + (float) Math.exp(sinks[head] - max);
    }
}
