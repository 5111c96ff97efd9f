package dev.snoozy.kernels.machine;

/** The general purpose registers of x86-64, in the order of their numbers. */
enum Gpr {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15;

    /** Memory at this register plus a displacement in bytes. */
    Mem at(int displacement) {
        return new Mem(this, displacement, false);
    }
}
