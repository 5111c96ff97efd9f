package dev.snoozy.format.block;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** 32-bit floating point (IEEE 754). */
record F32() implements BlockCodec {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public TensorType type() {
        return TensorType.F32;
    }

    @Override
    public void decode(MemorySegment source, long offset, float[] target, int start, int count) {
        Fields.check(type(), source, offset, target, start, count);
        MemorySegment.copy(source, FLOAT, offset, target, start, count);
    }
}
