package dev.snoozy.studio.lab;

/** Small matrices, as {@code [row][column]}. */
final class Matrix {
    private Matrix() {}

    /** The inverse of a positive definite matrix, by elimination; no pivots are needed for that. */
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] left = new double[n][];
        double[][] right = new double[n][n];
        for (int i = 0; i < n; i++) {
            left[i] = matrix[i].clone();
            right[i][i] = 1;
        }
        for (int i = 0; i < n; i++) {
            double pivot = left[i][i];
            for (int k = 0; k < n; k++) {
                left[i][k] /= pivot;
                right[i][k] /= pivot;
            }
            for (int j = 0; j < n; j++) {
                double factor = left[j][i];
                if (j == i || factor == 0) {
                    continue;
                }
                for (int k = 0; k < n; k++) {
                    left[j][k] -= factor * left[i][k];
                    right[j][k] -= factor * right[i][k];
                }
            }
        }
        return right;
    }

    /** A matrix times a column. */
    static double[] times(double[][] matrix, double[] column) {
        double[] result = new double[matrix.length];
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < column.length; j++) {
                result[i] += matrix[i][j] * column[j];
            }
        }
        return result;
    }
}
