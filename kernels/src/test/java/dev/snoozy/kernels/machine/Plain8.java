package dev.snoozy.kernels.machine;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Products with 8-bit activations in plain Java, after {@code docs/numerics.md} and nothing else:
 * the codes of a weight are found by dividing what its codec decodes by its scale.
 */
record Plain8(TensorType type, int in, MemorySegment blocks) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A weight of random codes and scales. */
    static Plain8 random(Format16 format, int rows, int in, Random random) {
        TensorType type = TensorType.valueOf(format.name());
        byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * in))];
        random.nextBytes(bytes);
        MemorySegment blocks = MemorySegment.ofArray(bytes);
        for (long at = 0; at < bytes.length; at += type.bytesPerBlock()) {
            float scale = (float) (0.01 * random.nextGaussian());
            blocks.set(SHORT, at, Float.floatToFloat16(scale));
        }
        return new Plain8(type, in, blocks);
    }

    /** Row {@code row} times the elements of x from {@code from} on. */
    float product(int row, float[] x, int from) {
        float[] values = new float[32];
        float acc = 0;
        for (int block = 0; block < in / 32; block++) {
            long at = type.bytes((long) row * in) + (long) block * type.bytesPerBlock();
            float scale = Float.float16ToFloat(blocks.get(SHORT, at));
            BlockCodec.of(type).decode(blocks, at, values, 0, 32);
            float largest = 0;
            for (int i = 0; i < 32; i++) {
                largest = Math.max(largest, Math.abs(x[from + 32 * block + i]));
            }
            float d = largest / 127;
            float inverse = d < Float.MIN_NORMAL ? 0 : 1 / d;
            int sum = 0;
            for (int i = 0; i < 32; i++) {
                int code = scale == 0 ? 0 : Math.round(values[i] / scale);
                sum += code * (int) Math.rint(x[from + 32 * block + i] * inverse);
            }
            acc = Math.fma((float) sum, scale * d, acc);
        }
        return acc;
    }
}
