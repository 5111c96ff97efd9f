package dev.snoozy.curate.vectors;

/**
 * Scalar products of a row with a tile of many rows. The tile lies transposed, so that neighbouring
 * lanes are neighbouring rows and the compiler makes vector instructions of plain loops. Each
 * product is summed over the columns in ascending order, so it does not depend on the tile. One
 * thread.
 */
final class Products {
    /** Rows in a tile. */
    static final int TILE = 256;

    private final Vectors vectors;
    private final int columns;
    private final float[][] tile;

    Products(Vectors vectors) {
        this.vectors = vectors;
        // Four columns at a time; what is missing is zero.
        columns = (vectors.width() + 3) / 4 * 4;
        tile = new float[columns][TILE];
    }

    /** Takes the rows from {@code first} on as the tile. */
    void load(int first, int count) {
        float[] values = vectors.values();
        int width = vectors.width();
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < width; column++) {
                tile[column][row] = values[(first + row) * width + column];
            }
        }
    }

    /**
     * Adds the products of a row with those of the tile.
     *
     * @param sums [TILE]
     */
    void addTo(float[] sums, int row) {
        float[] values = vectors.values();
        int width = vectors.width();
        int start = row * width;
        for (int column = 0; column < columns; column += 4) {
            float a = values[start + column];
            float b = column + 1 < width ? values[start + column + 1] : 0;
            float c = column + 2 < width ? values[start + column + 2] : 0;
            float d = column + 3 < width ? values[start + column + 3] : 0;
            add(sums, column, a, b, c, d);
        }
    }

    /** Every array has the same index and no offset: only then are these vector instructions. */
    private void add(float[] sums, int column, float a, float b, float c, float d) {
        float[] one = tile[column];
        float[] two = tile[column + 1];
        float[] three = tile[column + 2];
        float[] four = tile[column + 3];
        for (int i = 0; i < TILE; i++) {
            float s = Math.fma(a, one[i], sums[i]);
            s = Math.fma(b, two[i], s);
            s = Math.fma(c, three[i], s);
            sums[i] = Math.fma(d, four[i], s);
        }
    }
}
