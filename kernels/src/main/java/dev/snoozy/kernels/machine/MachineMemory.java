package dev.snoozy.kernels.machine;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.machine.attention.MachinePages;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.PackedWeights;

/**
 * The memory that machine code takes for parts of a model.
 *
 * @param precision of activations beside quantized weights
 * @param cache what keys and values are rounded to
 * @param threads that compute
 */
record MachineMemory(Precision precision, CacheType cache, int threads) implements KernelMemory {
    /** Beyond any head; keeps what a file may say in range. */
    private static final int LONGEST = 1 << 20;

    /** Whether products with a type go through kernels for codes. */
    static boolean hasCodes(Precision precision, TensorType type) {
        return !precision.exact() && Format16.of(type) != null;
    }

    /** Whether weights of a type are packed. */
    static boolean isPacked(Precision precision, TensorType type, long experts) {
        return hasCodes(precision, type) || FloatFormat.has(type) && experts == 1;
    }

    @Override
    public long packed(TensorType type, long experts, long rows, long columns) {
        return isPacked(precision, type, experts) && columns <= Integer.MAX_VALUE
                ? experts * PackedWeights.bytes(type, rows, (int) columns)
                : 0;
    }

    @Override
    public long page(int kvHeads, int keyLength, int valueLength) {
        return Math.max(keyLength, valueLength) > LONGEST
                ? UNKNOWN.page(kvHeads, keyLength, valueLength)
                : MachinePages.bytes(kvHeads, keyLength, valueLength, cache);
    }
}
