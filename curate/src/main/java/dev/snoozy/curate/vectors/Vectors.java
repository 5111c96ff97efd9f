package dev.snoozy.curate.vectors;

/**
 * Rows of the same width, one after the other. Not copied: whoever makes it leaves the array alone.
 *
 * @param values [rows, width]
 */
public record Vectors(float[] values, int width) {
    public Vectors {
        if (width < 1 || values.length % width != 0) {
            throw new IllegalArgumentException(
                    values.length + " numbers are no rows of width " + width);
        }
    }

    /** So many rows of zeros. */
    public static Vectors zeros(int rows, int width) {
        return new Vectors(new float[Math.multiplyExact(rows, width)], width);
    }

    public int rows() {
        return values.length / width;
    }

    public float get(int row, int column) {
        return values[row * width + column];
    }

    /** Brings every row to length 1; a row of zeros stays. */
    public void normalise() {
        for (int row = 0; row < rows(); row++) {
            double sum = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                sum += (double) values[i] * values[i];
            }
            if (sum > 0) {
                float scale = (float) (1 / Math.sqrt(sum));
                for (int i = row * width; i < (row + 1) * width; i++) {
                    values[i] *= scale;
                }
            }
        }
    }

    /**
     * Says no to what has no place among neighbours.
     *
     * @throws IllegalArgumentException if a number is infinite or none
     */
    public Vectors requireFinite() {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "vector of row %d, column %d: %s, expected a finite number"
                                .formatted(i / width, i % width, values[i]));
            }
        }
        return this;
    }
}
