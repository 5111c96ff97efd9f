package dev.snoozy.kernels.machine.packing;

/**
 * Activations in 8 bit, as the kernels read them beside weights of some kind. Per block of 32:
 * {@code d = max |x| / 127}, each element {@code q = x / d} rounded half to even, so {@code x ≈ d
 * q}. A block with an infinity or a NaN has a {@code d} that is none either, and makes every
 * product NaN. One whose {@code d} is below the normal numbers counts as zero.
 *
 * <p>Tokens stand in tiles. Per block of a tile of {@code t} tokens: {@code t} times 32 bytes of
 * {@code q}; {@code t} floats {@code d}; then for each part of the block {@code t} numbers of four
 * bytes. Where the weights have minima these are the floats {@code d * sum of q}; elsewhere the
 * integers {@code -zero * sum of q}, which undo that codes are shifted to be positive.
 *
 * @param parts of a block that have scales of their own, 1 or 2
 * @param minima whether the weights have minima
 * @param zero the code that stands for 0 in the weights
 */
public record Activations8(int parts, boolean minima, int zero) {
    private static final int BLOCK = Format16.BLOCK;

    /** What the weights of a format need. */
    public static Activations8 of(Format16 format) {
        return new Activations8(format.parts(), format.hasMinima(), format.zero());
    }

    /** Bytes per block and token. */
    public int record() {
        return BLOCK + Float.BYTES + parts * Float.BYTES;
    }

    /** Bytes of {@code tokens} tokens with {@code blocks} blocks each. */
    public long bytes(int tokens, int blocks) {
        return (long) tokens * blocks * record();
    }

    /** Where the scales begin in a block of a tile. */
    public static int scalesAt(int tokens) {
        return tokens * BLOCK;
    }

    /** Where the sums of a part begin in a block of a tile. */
    public static int sumsAt(int tokens, int part) {
        return tokens * (BLOCK + (1 + part) * Float.BYTES);
    }
}
