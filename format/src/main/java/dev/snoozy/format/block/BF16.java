package dev.snoozy.format.block;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;

/** The upper half of a 32-bit floating-point number. */
record BF16() implements BlockCodec {
    @Override
    public TensorType type() {
        return TensorType.BF16;
    }

    @Override
    public void decode(MemorySegment source, long offset, float[] target, int start, int count) {
        Fields.check(type(), source, offset, target, start, count);
        for (int i = 0; i < count; i++) {
            target[start + i] = Float.intBitsToFloat(Fields.u16(source, offset + 2L * i) << 16);
        }
    }
}
