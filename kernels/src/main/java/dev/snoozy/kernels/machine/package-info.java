/**
 * The operations in machine code: {@link dev.snoozy.kernels.machine.MachineKernels} over the
 * packages below it, and the probe of the machine's limits.
 */
package dev.snoozy.kernels.machine;
