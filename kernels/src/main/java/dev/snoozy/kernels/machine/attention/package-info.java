/** Attention over pages of keys and values, and the layout of these. */
package dev.snoozy.kernels.machine.attention;
