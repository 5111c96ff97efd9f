package dev.snoozy.kernels;

/**
 * A selective state space (Gu and Dao 2023, Mamba; Dao and Gu 2024, Mamba 2). In Mamba 1 each
 * channel is a head of length 1.
 *
 * @param heads of the input
 * @param headLength channels of a head
 * @param stateLength numbers that are kept of each channel
 * @param groups of heads that share what they write to and read from the state
 * @param stepBias {@code [heads]}, added to the steps before their soft-plus
 * @param a {@code [heads]} or {@code [heads, stateLength]}: how fast the state fades; negative
 * @param d {@code [heads]}: how much of the input goes past the state
 */
public record ScanSpec(
        int heads,
        int headLength,
        int stateLength,
        int groups,
        float[] stepBias,
        float[] a,
        float[] d) {
    public ScanSpec {
        if (heads % groups != 0
                || stepBias.length != heads
                || d.length != heads
                || a.length != heads && a.length != heads * stateLength) {
            throw new IllegalArgumentException(
                    "expected parameters of "
                            + heads
                            + " heads in "
                            + groups
                            + " groups, found "
                            + stepBias.length
                            + ", "
                            + a.length
                            + " and "
                            + d.length);
        }
    }

    /** Numbers of the state. */
    public int length() {
        return heads * headLength * stateLength;
    }
}
