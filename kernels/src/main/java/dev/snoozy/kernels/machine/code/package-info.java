/**
 * Machine code at run time: what the processor can do, and how code becomes executable and is
 * called.
 */
package dev.snoozy.kernels.machine.code;
