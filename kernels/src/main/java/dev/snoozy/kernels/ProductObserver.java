package dev.snoozy.kernels;

/**
 * Sees what a model multiplies its weights with: for measuring which inputs matter. Called on the
 * thread that computes, between two operations.
 */
@FunctionalInterface
public interface ProductObserver {
    /**
     * A row is about to be multiplied.
     *
     * @param weight name of the weight
     * @param matrix which of its matrices, where it holds those of several experts; 0 else
     * @param row {@code [in]}; only to be read, and only during the call
     */
    void multiplied(String weight, int matrix, float[] row);
}
