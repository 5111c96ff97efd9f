package dev.snoozy.kernels.machine.packing;

/** The values that the codes of some formats stand for, shifted to be positive. */
public final class Codebooks {
    private static final int SIZE = 16;

    /** The values of IQ4_NL and IQ4_XS, plus 128. */
    private static final byte[] IQ4 =
            shifted(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /** The values of MXFP4, doubled, plus 128. */
    private static final byte[] MXFP4 =
            shifted(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

    /**
     * Those of IQ1, times 8: the digits of a lattice shifted by 1/8, up and then down. Codes have
     * three bits.
     */
    private static final byte[] IQ1 = shifted(-7, 1, 9, 0, -9, -1, 7, 0);

    /** Those of IQ2: the digits of its lattices, and these negative. Codes have three bits. */
    private static final byte[] IQ2 = shifted(8, 25, 43, 0, -8, -25, -43, 0);

    /** Those of IQ3_XXS, likewise; codes have four bits. */
    private static final byte[] IQ3_XXS =
            shifted(4, 12, 20, 28, 36, 44, 52, 62, -4, -12, -20, -28, -36, -44, -52, -62);

    /** Those of IQ3_S, likewise. */
    private static final byte[] IQ3_S =
            shifted(1, 3, 5, 7, 9, 11, 13, 15, -1, -3, -5, -7, -9, -11, -13, -15);

    private Codebooks() {}

    /** The sixteen values of a format that has a codebook; those of three bits twice. */
    public static byte[] of(Format16 format) {
        return switch (format) {
            case IQ4_NL, IQ4_XS -> IQ4.clone();
            case MXFP4 -> MXFP4.clone();
            case IQ1_S, IQ1_M -> IQ1.clone();
            case IQ2_XXS, IQ2_XS, IQ2_S -> IQ2.clone();
            case IQ3_XXS -> IQ3_XXS.clone();
            case IQ3_S -> IQ3_S.clone();
            default -> throw new IllegalArgumentException(format + " has no codebook");
        };
    }

    private static byte[] shifted(int... values) {
        byte[] codes = new byte[SIZE];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (values[i % values.length] + 128);
        }
        return codes;
    }
}
