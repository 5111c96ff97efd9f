package dev.snoozy.kernels.x86;

/**
 * A vector register.
 *
 * @param index 0 to 31; from 16 on only with EVEX
 * @param width how much of it an instruction uses
 */
public record Vec(int index, Width width) implements Operand {
    /** Widths of vectors. */
    public enum Width {
        XMM(16, 0),
        YMM(32, 1),
        ZMM(64, 2);

        private final int bytes;
        private final int code;

        Width(int bytes, int code) {
            this.bytes = bytes;
            this.code = code;
        }

        /** The code of the width in a prefix. */
        public int code() {
            return code;
        }

        public int bytes() {
            return bytes;
        }
    }

    public Vec {
        if (index < 0 || index > 31) {
            throw new IllegalArgumentException("vector registers are 0 to 31, found " + index);
        }
    }

    public static Vec zmm(int index) {
        return new Vec(index, Width.ZMM);
    }

    public static Vec ymm(int index) {
        return new Vec(index, Width.YMM);
    }

    public static Vec xmm(int index) {
        return new Vec(index, Width.XMM);
    }

    /** The lower part of the same register. */
    public Vec as(Width part) {
        return new Vec(index, part);
    }
}
