package dev.snoozy.kernels.machine;

/** The exponential function and the gates in plain Java, step by step as the machine code. */
final class PlainExp {
    private static final float[] CONSTANTS = ExpCode.constants();

    private PlainExp() {}

    static float exp(float x) {
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

    static float silu(float x, float up) {
        return gate(x, x, up);
    }

    static float gelu(float x, float up) {
        float[] constants = GateCode.constants();
        int own = CONSTANTS.length;
        float cube = Math.fma(x * x, constants[own + 1], constants[own + 3]);
        return gate(x, cube * x * constants[own + 2], up);
    }

    private static float gate(float x, float z, float up) {
        float most = -ExpCode.LOWEST;
        float limited = 0 - z < most || Float.isNaN(z) ? 0 - z : most;
        return x / (exp(limited) + 1) * up;
    }
}
