package dev.snoozy.kernels;

/**
 * A gated delta rule (Yang et al. 2024, Gated Delta Networks): a matrix for each head that maps
 * keys to values, fades, and is corrected by what it got wrong.
 *
 * @param keyHeads heads of queries and keys
 * @param valueHeads heads of values
 * @param keyLength columns of a query or key of one head
 * @param valueLength columns of a value of one head
 * @param stepBias {@code [valueHeads]}, added to the steps before their soft-plus
 * @param a {@code [valueHeads]}: how fast the matrix fades; negative
 * @param epsilon the least length that queries and keys are divided by
 * @param neighbours whether the value heads that use a key head stand beside each other; else value
 *     head {@code h} uses key head {@code h % keyHeads}
 */
public record DeltaSpec(
        int keyHeads,
        int valueHeads,
        int keyLength,
        int valueLength,
        float[] stepBias,
        float[] a,
        float epsilon,
        boolean neighbours) {
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

    /** The head of queries and keys that a head of values uses. */
    int keyHead(int valueHead) {
        return neighbours ? valueHead / (valueHeads / keyHeads) : valueHead % keyHeads;
    }

    /** Numbers of the state. */
    public int length() {
        return valueHeads * keyLength * valueLength;
    }
}
