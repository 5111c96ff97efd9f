package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/**
 * Writes the blocks of one type: the other direction of {@link dev.snoozy.format.BlockCodec}.
 *
 * <p>Holds buffers, so every thread needs its own; see {@link Encoders}.
 */
public interface BlockEncoder {
    /** The type whose blocks it writes. */
    TensorType type();

    /**
     * Encodes whole rows.
     *
     * @param x the elements, row after row from index 0 on; all of them finite
     * @param count how many elements, a whole number of rows
     * @param importance how much an error in each column of a row matters, {@code [columns]}; null
     *     if nothing is known
     * @param out receives the blocks from index 0 on
     * @throws ArithmeticException if a scale is too large for half precision
     */
    void encode(float[] x, int count, float @Nullable [] importance, byte[] out);
}
