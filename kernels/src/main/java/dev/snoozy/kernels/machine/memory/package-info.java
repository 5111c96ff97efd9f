/** Memory outside the heap: activations, room that is used again, packed weights. */
package dev.snoozy.kernels.machine.memory;
