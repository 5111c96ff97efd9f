package dev.snoozy.kernels;

/** How exactly activations are multiplied with quantized weights. */
public enum Precision {
    /** As they are: every path gives the same results to within rounding. */
    F32,
    /**
     * Rounded to 8 bit per 32 elements, where the kernels of this machine have it: several times
     * faster, and less noise than the weights have already.
     */
    EIGHT_BIT
}
