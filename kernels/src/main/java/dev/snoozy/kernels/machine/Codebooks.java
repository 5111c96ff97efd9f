package dev.snoozy.kernels.machine;

/** The values that the codes of some formats stand for, shifted to be positive. */
final class Codebooks {
    /** The values of IQ4_NL and IQ4_XS, plus 128. */
    private static final byte[] IQ4 =
            shifted(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /** The values of MXFP4, doubled, plus 128. */
    private static final byte[] MXFP4 =
            shifted(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

    private Codebooks() {}

    /** The sixteen values of a format that has a codebook. */
    static byte[] of(Format16 format) {
        return switch (format) {
            case IQ4_NL, IQ4_XS -> IQ4.clone();
            case MXFP4 -> MXFP4.clone();
            default -> throw new IllegalArgumentException(format + " has no codebook");
        };
    }

    private static byte[] shifted(int... values) {
        byte[] codes = new byte[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (values[i] + 128);
        }
        return codes;
    }
}
