package dev.snoozy.kernels.machine.memory;

import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The memory behind outputs, used again after each layer. Sizes are rounded up to a power of two,
 * so that what one layer needed serves the next, and what a large batch needed a smaller one.
 * Content is not cleared. Used by one thread; closed by its owner.
 */
public final class NativeBuffers implements AutoCloseable {
    private static final long SMALLEST = 1024;
    private static final long ALIGNMENT = 64;

    /** How many times as large as asked for a buffer may be that is free. */
    private static final int LARGER = 4;

    private final Arena arena = Arena.ofShared();
    private final NavigableMap<Long, Deque<MemorySegment>> free = new TreeMap<>();
    private List<MemorySegment> lent = new ArrayList<>();

    /** Memory of at least this size, aligned to 64 bytes. */
    public MemorySegment lend(long bytes) {
        long size = SMALLEST;
        while (size < bytes) {
            size = Math.multiplyExact(size, 2);
        }
        MemorySegment buffer = poll(size);
        if (buffer == null) {
            buffer = arena.allocate(size, ALIGNMENT);
        }
        lent.add(buffer);
        return buffer;
    }

    private @Nullable MemorySegment poll(long size) {
        long largest = Math.multiplyExact(size, LARGER);
        for (Deque<MemorySegment> stack : free.subMap(size, true, largest, true).values()) {
            MemorySegment buffer = stack.poll();
            if (buffer != null) {
                return buffer;
            }
        }
        return null;
    }

    /** An output to be filled; it holds whatever was there before. */
    public NativeRows rows(int rows, int columns) {
        return new NativeRows(lend(NativeRows.bytes(rows, columns)), rows, columns);
    }

    /** Takes back everything but the memory of some outputs. */
    public void recycle(Tensor... kept) {
        Set<Long> addresses = new HashSet<>();
        for (Tensor tensor : kept) {
            if (tensor instanceof NativeRows rows) {
                addresses.add(rows.data().address());
            }
        }
        List<MemorySegment> still = new ArrayList<>();
        for (MemorySegment buffer : lent) {
            if (addresses.contains(buffer.address())) {
                still.add(buffer);
            } else {
                free.computeIfAbsent(buffer.byteSize(), size -> new ArrayDeque<>()).push(buffer);
            }
        }
        lent = still;
    }

    @Override
    public void close() {
        arena.close();
    }
}
