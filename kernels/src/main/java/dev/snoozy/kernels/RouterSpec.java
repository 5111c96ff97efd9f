package dev.snoozy.kernels;

/**
 * How a mixture of experts chooses. The {@code used} experts of the largest scores are taken, ties
 * to the lower number; where there are groups, only of those groups whose two largest scores are
 * the largest together (DeepSeek-AI 2024, DeepSeek-V3).
 *
 * @param used experts per token
 * @param scoring what scores are made of the router's outputs
 * @param normalize whether the weights of the chosen ones sum to one
 * @param scale what their weights are then multiplied with
 * @param bias {@code [experts]}, added to the scores for the choice only; or empty
 * @param groups of experts of the same size, side by side
 * @param usedGroups of which experts are taken
 */
public record RouterSpec(
        int used,
        Scoring scoring,
        boolean normalize,
        float scale,
        float[] bias,
        int groups,
        int usedGroups) {
    /** What the weight of an expert is. */
    public enum Scoring {
        /** Its part of the soft-max over all experts (Jiang et al. 2024, Mixtral). */
        SOFTMAX,
        /** The sigmoid of its own output (DeepSeek-V3). */
        SIGMOID,
        /** Its part of the soft-max over the chosen ones (OpenAI 2025, gpt-oss). */
        SOFTMAX_OF_CHOSEN
    }

    private static final float[] NONE = {};

    public RouterSpec {
        if (used < 1 || groups < 1 || usedGroups < 1 || usedGroups > groups) {
            throw new IllegalArgumentException(
                    "cannot choose "
                            + used
                            + " experts of "
                            + usedGroups
                            + " of "
                            + groups
                            + " groups");
        }
    }

    /** By soft-max over all experts. */
    public RouterSpec(int used, boolean normalize) {
        this(used, Scoring.SOFTMAX, normalize, 1, NONE, 1, 1);
    }
}
