package dev.snoozy.format;

import dev.snoozy.format.block.Codebooks;

/**
 * The points that the blocks of an IQ type choose from, for whoever writes such blocks.
 *
 * @param width elements of a point
 * @param levels all points one after another; an element is its place among the values that occur,
 *     0 for the smallest
 */
public record Lattice(int width, byte[] levels) {
    /**
     * The points of IQ1_S (and IQ1_M), IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS or IQ3_S.
     *
     * @throws IllegalArgumentException for another type
     */
    public static Lattice of(TensorType type) {
        return switch (type) {
            case IQ1_S, IQ1_M -> Codebooks.lattice("IQ1_S");
            case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S -> Codebooks.lattice(type.name());
            default -> throw new IllegalArgumentException(type + " has no lattice");
        };
    }

    /** Number of points. */
    public int points() {
        return levels.length / width;
    }
}
