package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** Random numbers in any format, and tensors of them. The same seed gives the same numbers. */
final class Numbers {
    private static final float LARGEST = 100;

    private final Random random;

    Numbers(long seed) {
        random = new Random(seed);
    }

    /** The types that can be decoded. */
    static Stream<TensorType> types() {
        return Arrays.stream(TensorType.values()).filter(Numbers::hasCodec);
    }

    private static boolean hasCodec(TensorType type) {
        try {
            BlockCodec.of(type);
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Blocks of random bytes, made again until all their elements are of a sensible size. */
    MemorySegment blocks(TensorType type, int elements) {
        byte[] bytes = new byte[Math.toIntExact(type.bytes(elements))];
        byte[] block = new byte[type.bytesPerBlock()];
        for (int at = 0; at < bytes.length; at += block.length) {
            do {
                random.nextBytes(block);
            } while (!isSensible(type, block));
            System.arraycopy(block, 0, bytes, at, block.length);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static boolean isSensible(TensorType type, byte[] block) {
        float[] elements = new float[type.blockSize()];
        BlockCodec.of(type).decode(MemorySegment.ofArray(block), 0, elements, 0, elements.length);
        for (float x : elements) {
            if (!(Math.abs(x) < LARGEST)) {
                return false;
            }
        }
        return true;
    }

    /** A weight of F32 numbers. */
    static Tensor weight(Kernels kernels, float[] values, long... shape) {
        return kernels.weight(TensorType.F32, shape, MemorySegment.ofArray(littleEndian(values)));
    }

    private static byte[] littleEndian(float[] values) {
        byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (Float.floatToRawIntBits(values[i / 4]) >> (8 * (i % 4)));
        }
        return bytes;
    }

    /** Some rows of many. */
    static Tensor part(Kernels kernels, float[] all, int from, int rows, int columns) {
        float[] some = Arrays.copyOfRange(all, from * columns, (from + rows) * columns);
        return kernels.upload(some, rows, columns);
    }

    /** Asserts that two outputs have the same bits; a NaN is like any other. */
    static void assertSameBits(float[][] found, float[][] expected, String what) {
        assertThat(bits(found)).as(what).isDeepEqualTo(bits(expected));
    }

    private static int[][] bits(float[][] rows) {
        int[][] bits = new int[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            bits[r] = new int[rows[r].length];
            for (int i = 0; i < bits[r].length; i++) {
                bits[r][i] = Float.floatToIntBits(rows[r][i]);
            }
        }
        return bits;
    }

    static float[][] rows(Kernels kernels, Tensor tensor) {
        float[][] rows = new float[tensor.rows()][tensor.columns()];
        for (int r = 0; r < rows.length; r++) {
            kernels.download(tensor, r, rows[r]);
        }
        return rows;
    }
}
