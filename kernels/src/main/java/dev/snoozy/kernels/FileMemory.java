package dev.snoozy.kernels;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;

/**
 * The memory of kernels that read weights in their file and keep pages as they are.
 *
 * @param cache what keys and values are rounded to
 */
record FileMemory(CacheType cache) implements KernelMemory {
    @Override
    public long packed(TensorType type, long experts, long rows, long columns) {
        return 0;
    }

    @Override
    public long page(int kvHeads, int keyLength, int valueLength) {
        return KvPages.PAGE * kvHeads * (cache.bytes(keyLength) + cache.bytes(valueLength));
    }

    @Override
    public int threads() {
        return 1; // none of these cuts attention along the positions
    }
}
