package dev.snoozy.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The table of codecs. */
final class Codecs {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Codecs() {}

    static BlockCodec of(TensorType type) {
        if (type == TensorType.F32) {
            return new F32();
        }
        throw new FormatException("no codec for tensor type " + type);
    }

    private record F32() implements BlockCodec {
        @Override
        public TensorType type() {
            return TensorType.F32;
        }

        @Override
        public void decode(
                MemorySegment source, long offset, float[] target, int start, int count) {
            MemorySegment.copy(source, FLOAT, offset, target, start, count);
        }
    }
}
