package dev.snoozy.kernels;

/** How exactly activations are multiplied with weights. */
public enum Precision {
    /** As they are: every path gives the same results to within rounding. */
    F32,
    /**
     * Rounded to 8 bit per 32 elements, where the kernels of this machine have it: several times
     * faster, and less noise than the weights have already.
     */
    EIGHT_BIT,
    /**
     * As {@link #EIGHT_BIT}, and F16 weights are rounded to BF16, three bits less: nearly twice as
     * fast for them on processors that multiply pairs of BF16. No other weight is touched.
     */
    ROUNDED_F16;

    /** Whether activations beside quantized weights stay as they are. */
    public boolean exact() {
        return this == F32;
    }
}
