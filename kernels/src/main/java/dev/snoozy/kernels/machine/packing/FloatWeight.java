package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;

/**
 * A weight {@code [out, in]} of floats as products read it: groups of sixteen rows, those beyond
 * the last zero; see {@link FloatFormat}. Immutable; any number of threads may read it, each with a
 * scratch of its own.
 */
public sealed interface FloatWeight {
    FloatFormat format();

    int out();

    int in();

    /** Some groups one after another, until the scratch is used again. */
    MemorySegment groups(int from, int count, PackScratch scratch);

    /** Steps of the loop along a row. */
    default int steps() {
        return FloatFormat.steps(in());
    }

    /** Groups of sixteen rows, the last of which may have fewer. */
    default int groups() {
        return (out() + Format16.ROWS - 1) / Format16.ROWS;
    }

    /** Bytes of a group. */
    default long groupBytes() {
        return format().groupBytes(in());
    }

    /**
     * A weight that was packed once.
     *
     * @param memory all groups
     */
    record Resident(FloatFormat format, int out, int in, MemorySegment memory)
            implements FloatWeight {
        @Override
        public MemorySegment groups(int from, int count, PackScratch scratch) {
            return memory.asSlice(from * groupBytes(), count * groupBytes());
        }
    }

    /**
     * A weight that stays as it is in its file; what a product reads of it is packed at that
     * moment.
     *
     * @param rows as they lie in the file
     */
    record Mapped(FloatFormat format, int out, int in, MemorySegment rows) implements FloatWeight {
        @Override
        public MemorySegment groups(int from, int count, PackScratch scratch) {
            MemorySegment target = scratch.memory(count * groupBytes());
            int padded = steps() * FloatFormat.STEP;
            for (int g = 0; g < count; g++) {
                long to = g * groupBytes();
                scratch.floats().pack(format, from + g, out, in, padded, rows, target, to);
            }
            return target;
        }
    }
}
