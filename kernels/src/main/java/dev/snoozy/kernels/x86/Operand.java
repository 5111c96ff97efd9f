package dev.snoozy.kernels.x86;

/** What a vector instruction reads last: a register or memory. */
public sealed interface Operand permits Vec, Mem {}
