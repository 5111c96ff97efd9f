package dev.snoozy.kernels.machine;

/** What a vector instruction reads last: a register or memory. */
sealed interface Operand permits Vec, Mem {}
