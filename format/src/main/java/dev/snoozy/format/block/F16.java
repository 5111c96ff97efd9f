package dev.snoozy.format.block;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;

/** Half precision (IEEE 754). */
record F16() implements BlockCodec {
    @Override
    public TensorType type() {
        return TensorType.F16;
    }

    @Override
    public void decode(MemorySegment source, long offset, float[] target, int start, int count) {
        Fields.check(type(), source, offset, target, start, count);
        for (int i = 0; i < count; i++) {
            target[start + i] = Fields.f16(source, offset + 2L * i);
        }
    }
}
