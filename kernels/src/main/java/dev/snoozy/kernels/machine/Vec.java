package dev.snoozy.kernels.machine;

/**
 * A vector register.
 *
 * @param index 0 to 31; from 16 on only with EVEX
 * @param width how much of it an instruction uses
 */
record Vec(int index, Width width) implements Operand {
    /** Widths of vectors, in the order of their codes. */
    enum Width {
        XMM(16),
        YMM(32),
        ZMM(64);

        private final int bytes;

        Width(int bytes) {
            this.bytes = bytes;
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
