package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Precision;

/**
 * How the elements of a weight of floats lie in packed memory, and what they are multiplied by: in
 * groups of sixteen rows, {@code [in, 16]}, the rows of an element side by side. Rows are filled up
 * to a multiple of {@link #STEP} elements with zeros, which change no sum but one of -0.
 */
public enum FloatFormat {
    F32(TensorType.F32, 1),
    F16(TensorType.F16, 1),
    BF16(TensorType.BF16, 1),
    /**
     * Two neighbours of a row in one word, beside activations rounded to BF16: for processors that
     * multiply such pairs (AVX-512 BF16).
     */
    BF16_PAIRS(TensorType.BF16, 2),
    /** The same of F16, each element rounded to BF16 on the way. */
    F16_AS_BF16_PAIRS(TensorType.F16, 2);

    /** Which weights are to be multiplied in pairs, where the processor can. */
    public enum Pairs {
        NONE,
        OF_BF16,
        OF_BF16_AND_F16;

        /**
         * Those of a precision.
         *
         * @param possible whether the processor multiplies pairs
         */
        public static Pairs of(Precision precision, boolean possible) {
            if (!possible) {
                return NONE;
            }
            return switch (precision) {
                case F32 -> NONE;
                case EIGHT_BIT -> OF_BF16;
                case ROUNDED_F16 -> OF_BF16_AND_F16;
            };
        }
    }

    /** Elements of a row that a round of the loop along it takes. */
    public static final int STEP = 8;

    private final TensorType type;
    private final int together;

    FloatFormat(TensorType type, int together) {
        this.type = type;
        this.together = together;
    }

    /** Whether there is one for a type. */
    public static boolean has(TensorType type) {
        return type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16;
    }

    /**
     * The format for weights of a type.
     *
     * @param in elements of a row
     * @param pairs which are wanted, and can be multiplied
     * @throws IllegalArgumentException if there is none
     */
    public static FloatFormat of(TensorType type, int in, Pairs pairs) {
        boolean even = in % 2 == 0;
        return switch (type) {
            case F32 -> F32;
            case F16 -> even && pairs == Pairs.OF_BF16_AND_F16 ? F16_AS_BF16_PAIRS : F16;
            case BF16 -> even && pairs != Pairs.NONE ? BF16_PAIRS : BF16;
            default ->
                    throw new IllegalArgumentException("expected F32, F16 or BF16, found " + type);
        };
    }

    /** The type of the elements in the file. */
    public TensorType type() {
        return type;
    }

    /** Elements that are multiplied at once. */
    public int together() {
        return together;
    }

    /** Bytes of {@link #together} elements of sixteen rows. */
    public int vectorBytes() {
        return Format16.ROWS * together * type.bytesPerBlock();
    }

    /** Bytes of a group of sixteen rows of so many elements. */
    long groupBytes(int in) {
        return (long) steps(in) * STEP * Format16.ROWS * type.bytesPerBlock();
    }

    /** Steps of the loop along a row of so many elements. */
    static int steps(int in) {
        return (in + STEP - 1) / STEP;
    }
}
