package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.Tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arrays behind outputs, used again for each batch. Sizes are rounded up to a power of two, so
 * that the arrays of one layer serve the next one. Content is not cleared.
 */
final class Buffers {
    private static final int SMALLEST = 256;

    private final Map<Integer, Deque<float[]>> free = new HashMap<>();
    private List<float[]> lent = new ArrayList<>();

    float[] lend(int elements) {
        int size = SMALLEST;
        while (size < elements) {
            size = Math.multiplyExact(size, 2);
        }
        Deque<float[]> stack = free.get(size);
        float[] buffer = stack == null ? null : stack.poll();
        if (buffer == null) {
            buffer = new float[size];
        }
        lent.add(buffer);
        return buffer;
    }

    /** Takes back all arrays but those of some outputs. */
    void recycle(Tensor... kept) {
        List<float[]> still = new ArrayList<>();
        for (float[] buffer : lent) {
            if (Arrays.stream(kept).anyMatch(t -> t instanceof Rows r && r.data() == buffer)) {
                still.add(buffer);
            } else {
                free.computeIfAbsent(buffer.length, size -> new ArrayDeque<>()).push(buffer);
            }
        }
        lent = still;
    }
}
