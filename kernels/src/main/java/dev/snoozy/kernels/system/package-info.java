/**
 * What only the operating system can give: its functions, whole pages of memory, executable and
 * huge ones.
 */
package dev.snoozy.kernels.system;
