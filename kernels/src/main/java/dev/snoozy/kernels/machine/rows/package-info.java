/**
 * What is done to rows of activations one by one: norms, rotations, sums, the rounding to 8 bit.
 */
package dev.snoozy.kernels.machine.rows;
