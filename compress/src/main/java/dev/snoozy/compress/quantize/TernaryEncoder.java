package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/** TQ1_0 and TQ2_0: each element becomes -1, 0 or 1 times the largest of its 256. */
final class TernaryEncoder implements BlockEncoder {
    private static final int BLOCK = 256;

    /** Five digits to the base 3. */
    private static final int FIVE_DIGITS = 243;

    private final TensorType type;
    private final byte[] digits = new byte[BLOCK];

    TernaryEncoder(TensorType type) {
        this.type = type;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int bytes = type.bytesPerBlock();
        for (int from = 0, at = 0; from < count; from += BLOCK, at += bytes) {
            float scale = Math.abs(Extremes.largest(x, from, BLOCK));
            float inverse = scale == 0 ? 0 : 1 / scale;
            for (int i = 0; i < BLOCK; i++) {
                digits[i] = (byte) (Numbers.nearestAway(x[from + i] * inverse) + 1);
            }
            if (type == TensorType.TQ1_0) {
                fractions(0, 32, 5, out, at);
                fractions(160, 16, 5, out, at + 32);
                fractions(240, 4, 4, out, at + 48);
            } else {
                pairs(out, at);
            }
            Numbers.half(scale, out, at + bytes - 2);
        }
    }

    /** Runs of digits beside each other; a byte holds one of each run, as a fraction of 256. */
    private void fractions(int from, int length, int runs, byte[] out, int at) {
        for (int j = 0; j < length; j++) {
            int number = 0;
            for (int run = 0; run < 5; run++) {
                number = 3 * number + (run < runs ? digits[from + run * length + j] : 0);
            }
            out[at + j] = (byte) ((256 * number + FIVE_DIGITS - 1) / FIVE_DIGITS);
        }
    }

    /** Four runs of 32 in the pairs of bits of 32 bytes, twice. */
    private void pairs(byte[] out, int at) {
        for (int j = 0; j < BLOCK / 4; j++) {
            int from = j / 32 * 128 + j % 32;
            out[at + j] =
                    (byte)
                            (digits[from]
                                    | digits[from + 32] << 2
                                    | digits[from + 64] << 4
                                    | digits[from + 96] << 6);
        }
    }
}
