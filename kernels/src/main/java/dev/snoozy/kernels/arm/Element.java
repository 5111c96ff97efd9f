package dev.snoozy.kernels.arm;

/**
 * One element of a vector register.
 *
 * @param index of the register, 0 to 31
 * @param size of the element
 * @param number of the element, from the lowest one
 */
public record Element(int index, Size size, int number) implements Operand {
    /** What counts as an element. */
    public enum Size {
        B("b", 0),
        H("h", 1),
        S("s", 2),
        D("d", 3),
        /** Four bytes, which a product of bytes takes together. */
        B4("4b", 2),
        /** Two halves, which a product of halves takes together. */
        H2("2h", 2);

        private final String text;
        private final int log;

        Size(String text, int log) {
            this.text = text;
            this.log = log;
        }

        /** As assemblers write it. */
        String text() {
            return text;
        }

        /** Logarithm of the bytes. */
        int log() {
            return log;
        }
    }

    public Element {
        if (number < 0 || number >= 16 >> size.log()) {
            throw new IllegalArgumentException(
                    "a register has "
                            + (16 >> size.log())
                            + " elements "
                            + size
                            + ", found "
                            + number);
        }
    }
}
