package dev.snoozy.kernels.machine.code;

/** The exponential function in plain Java, step by step as the machine code. */
public final class PlainExp {
    private static final float[] CONSTANTS = ExpCode.constants();

    private PlainExp() {}

    public static float exp(float x) {
        float limited = x > CONSTANTS[0] || Float.isNaN(x) ? x : CONSTANTS[0];
        float n = Math.fma(limited, CONSTANTS[1], CONSTANTS[2]);
        float whole = n - CONSTANTS[2];
        float r = Math.fma(-whole, CONSTANTS[4], Math.fma(-whole, CONSTANTS[3], limited));
        float y = CONSTANTS[6];
        for (int i = 7; i < CONSTANTS.length; i++) {
            y = Math.fma(y, r, CONSTANTS[i]);
        }
        y = Math.fma(y * r, r, r) + CONSTANTS[5];
        return Float.intBitsToFloat(
                Float.floatToRawIntBits(y) + (Float.floatToRawIntBits(n) << 23));
    }
}
