package dev.snoozy.format.block;

import dev.snoozy.format.Lattice;

import java.util.Arrays;

/** The codebooks as encoders need them: places among the values instead of the values. */
public final class Codebooks {
    private Codebooks() {}

    /** The lattice of a codebook. */
    public static Lattice lattice(String name) {
        Codebook codebook = Codebook.of(name);
        float[] sorted = codebook.values().clone();
        Arrays.sort(sorted);
        float[] occurring = new float[sorted.length];
        int count = 0;
        for (float value : sorted) {
            if (count == 0 || value != occurring[count - 1]) {
                occurring[count++] = value;
            }
        }
        byte[] levels = new byte[sorted.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Arrays.binarySearch(occurring, 0, count, codebook.values()[i]);
        }
        return new Lattice(codebook.width(), levels);
    }
}
