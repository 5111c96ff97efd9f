package dev.snoozy.kernels.arm;

/** What a vector instruction reads last: all of a register, or one element for all lanes. */
public sealed interface Operand permits Vec, Element {
    /** Number of the register. */
    int index();
}
