package dev.snoozy.kernels.arm;

/**
 * An operand in memory.
 *
 * @param base register that holds the address
 * @param offset bytes added to it: a multiple of the operand's size up to 4095 times that size, or
 *     -256 to 255
 */
public record Mem(Reg base, int offset) {}
