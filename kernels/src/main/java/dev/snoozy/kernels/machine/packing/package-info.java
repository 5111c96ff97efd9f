/** How weights and activations lie in memory for the products, and what packs them. */
package dev.snoozy.kernels.machine.packing;
