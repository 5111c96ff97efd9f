package dev.snoozy.kernels.machine;

/**
 * A vector register.
 *
 * @param index 0 to 31; from 16 on only with EVEX
 * @param width how much of it an instruction uses
 */
record Vec(int index, Width width) implements Operand {
    /** Widths of vectors. */
    enum Width {
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
        int code() {
            return code;
        }

        int bytes() {
            return bytes;
        }
    }

    Vec {
        if (index < 0 || index > 31) {
            throw new IllegalArgumentException("vector registers are 0 to 31, found " + index);
        }
    }

    static Vec zmm(int index) {
        return new Vec(index, Width.ZMM);
    }

    static Vec ymm(int index) {
        return new Vec(index, Width.YMM);
    }

    static Vec xmm(int index) {
        return new Vec(index, Width.XMM);
    }

    /** The lower part of the same register. */
    Vec as(Width part) {
        return new Vec(index, part);
    }
}
