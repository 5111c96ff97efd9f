package dev.snoozy.kernels.arm;

/**
 * A vector register of 16 bytes.
 *
 * @param index 0 to 31; the lower halves of 8 to 15 belong to the caller
 * @param as how an instruction divides it
 */
public record Vec(int index, Arrangement as) implements Operand {
    /** Number and size of the elements, or a part that is one number. */
    public enum Arrangement {
        B16("16b", 0, 16),
        B8("8b", 0, 8),
        H8("8h", 1, 16),
        H4("4h", 1, 8),
        S4("4s", 2, 16),
        S2("2s", 2, 8),
        D2("2d", 3, 16),
        /** The lowest byte alone. */
        B("b", 0, 1),
        H("h", 1, 2),
        S("s", 2, 4),
        D("d", 3, 8);

        private final String text;
        private final int log;
        private final int bytes;

        Arrangement(String text, int log, int bytes) {
            this.text = text;
            this.log = log;
            this.bytes = bytes;
        }

        /** As assemblers write it. */
        String text() {
            return text;
        }

        /** Logarithm of the bytes of an element. */
        int log() {
            return log;
        }

        /** Bytes of the register that are used. */
        int bytes() {
            return bytes;
        }

        /** Whether this is one number, not a vector. */
        boolean isScalar() {
            return bytes == 1 << log;
        }
    }

    public Vec {
        if (index < 0 || index > 31) {
            throw new IllegalArgumentException("vector registers are 0 to 31, found " + index);
        }
    }

    /** A register of sixteen bytes. */
    public static Vec v(int index) {
        return new Vec(index, Arrangement.B16);
    }

    public Vec b16() {
        return new Vec(index, Arrangement.B16);
    }

    public Vec b8() {
        return new Vec(index, Arrangement.B8);
    }

    public Vec h8() {
        return new Vec(index, Arrangement.H8);
    }

    public Vec h4() {
        return new Vec(index, Arrangement.H4);
    }

    public Vec s4() {
        return new Vec(index, Arrangement.S4);
    }

    /** The lowest eight bytes as one number. */
    public Vec d() {
        return new Vec(index, Arrangement.D);
    }

    /** The lowest four bytes as one number. */
    public Vec s() {
        return new Vec(index, Arrangement.S);
    }

    /** One float or integer of four bytes. */
    public Element s(int number) {
        return new Element(index, Element.Size.S, number);
    }

    /** Four bytes, which a product of bytes takes together. */
    public Element b4(int number) {
        return new Element(index, Element.Size.B4, number);
    }
}
