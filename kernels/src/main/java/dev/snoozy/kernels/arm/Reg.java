package dev.snoozy.kernels.arm;

/**
 * The general purpose registers of AArch64, 64 bits each. X18 belongs to the system on macOS and
 * Windows, X19 to X29 to the caller: kernels use X0 to X17.
 */
public enum Reg {
    X0(0),
    X1(1),
    X2(2),
    X3(3),
    X4(4),
    X5(5),
    X6(6),
    X7(7),
    X8(8),
    X9(9),
    X10(10),
    X11(11),
    X12(12),
    X13(13),
    X14(14),
    X15(15),
    X16(16),
    X17(17),
    X18(18),
    X19(19),
    X20(20),
    X21(21),
    X22(22),
    X23(23),
    X24(24),
    X25(25),
    X26(26),
    X27(27),
    X28(28),
    X29(29),
    X30(30),
    /** The stack pointer. Instructions that read its number as zero refuse it. */
    SP(31);

    private final int number;

    Reg(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Memory at this register plus an offset in bytes. */
    public Mem at(int offset) {
        return new Mem(this, offset);
    }
}
