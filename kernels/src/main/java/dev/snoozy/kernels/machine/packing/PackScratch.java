package dev.snoozy.kernels.machine.packing;

import dev.snoozy.kernels.machine.memory.Scratch;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** What a thread needs to pack weights. Used by one thread; closed by its owner. */
final class PackScratch implements AutoCloseable {
    private final Map<Format16, UnitPacker> packers = new EnumMap<>(Format16.class);
    private final FloatPacker floats = new FloatPacker();
    private final Scratch memory = new Scratch();

    UnitPacker packer(Format16 format) {
        return packers.computeIfAbsent(format, UnitPacker::new);
    }

    FloatPacker floats() {
        return floats;
    }

    /** Memory of just this size; what was given before is no longer valid. */
    MemorySegment memory(long bytes) {
        return memory.of(bytes).asSlice(0, bytes);
    }

    @Override
    public void close() {
        memory.close();
    }
}
