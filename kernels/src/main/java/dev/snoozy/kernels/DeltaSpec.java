package dev.snoozy.kernels;

/**
 * A gated delta rule (Yang et al. 2024, Gated Delta Networks): a matrix for each head that maps
 * keys to values, fades, and is corrected by what it got wrong.
 *
 * @param keyHeads heads of queries and keys; value head {@code h} uses head {@code h % keyHeads}
 * @param valueHeads heads of values
 * @param keyLength columns of a query or key of one head
 * @param valueLength columns of a value of one head
 * @param stepBias {@code [valueHeads]}, added to the steps before their soft-plus
 * @param a {@code [valueHeads]}: how fast the matrix fades; negative
 * @param epsilon the least length that queries and keys are divided by
 */
public record DeltaSpec(
        int keyHeads,
        int valueHeads,
        int keyLength,
        int valueLength,
        float[] stepBias,
        float[] a,
        float epsilon) {
    public DeltaSpec {
        if (valueHeads % keyHeads != 0 || stepBias.length != valueHeads || a.length != valueHeads) {
            throw new IllegalArgumentException(
                    "expected parameters of "
                            + valueHeads
                            + " heads over "
                            + keyHeads
                            + ", found "
                            + stepBias.length
                            + " and "
                            + a.length);
        }
    }

    /** Numbers of the state. */
    public int length() {
        return valueHeads * keyLength * valueLength;
    }
}
