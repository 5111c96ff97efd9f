/** Products of activations with packed weights, and the gates between two of them. */
package dev.snoozy.kernels.machine.products;
