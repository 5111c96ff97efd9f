package dev.snoozy.cli.bench;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Fills memory with blocks of a type: random codes under scales that are chosen such that the
 * elements have a given standard deviation. The same seed gives the same bytes on every machine.
 */
final class RandomBlocks {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Step and mixers of splitmix64 (Steele, Lea and Flood 2014). */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
    private static final long MIX_2 = 0x94D049BB133111EBL;

    private static final long LOW_SEVEN = 0x7F7F7F7F7F7F7F7FL;
    private static final long HIGH_OF_PAIRS = 0xAAAAAAAAAAAAAAAAL;

    /** Blocks have one of so many scales, from 3/4 to 5/4 of the mean. */
    private static final int SCALES = 16;

    private static final int SAMPLE_BLOCKS = 128;
    private static final float SAMPLE_SCALE = 1f / 64;
    private static final double RMS_OF_UNIFORM = Math.sqrt(1 / 3.0);

    private RandomBlocks() {}

    /**
     * Fills memory with blocks.
     *
     * @param target whole blocks
     * @param deviation wanted standard deviation of the elements, about
     */
    static void fill(MemorySegment target, TensorType type, double deviation, long seed) {
        float bound = (float) (deviation / RMS_OF_UNIFORM);
        switch (type) {
            case F32 -> floats(target, 0, bound, seed);
            case F16 -> halves(target, bound, seed);
            case BF16 -> brains(target, bound, seed);
            default -> blocks(target, type, (float) (deviation / unit(type)), seed);
        }
    }

    /** Fills memory with F32 numbers around 1, as the weights of norms are. */
    static void fillAroundOne(MemorySegment target, long seed) {
        floats(target, 1, 0.25f, seed);
    }

    private static void blocks(MemorySegment target, TensorType type, float scale, long seed) {
        codes(target, type, seed);
        scales(target, type, scale, seed);
    }

    /** The root mean square of elements whose blocks have scales of 1 on average. */
    private static double unit(TensorType type) {
        int bytes = SAMPLE_BLOCKS * type.bytesPerBlock();
        float[] elements = new float[SAMPLE_BLOCKS * type.blockSize()];
        MemorySegment sample = MemorySegment.ofArray(new byte[bytes]);
        blocks(sample, type, SAMPLE_SCALE, 0);
        BlockCodec.of(type).decode(sample, 0, elements, 0, elements.length);
        double squares = 0;
        for (float x : elements) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares / elements.length) / SAMPLE_SCALE;
    }

    // ---- codes

    private static void codes(MemorySegment target, TensorType type, long seed) {
        long whole = target.byteSize() / Long.BYTES * Long.BYTES;
        switch (type) {
            case Q8_0 -> {
                for (long at = 0; at < whole; at += Long.BYTES) {
                    target.set(LONG, at, withoutMinus128(random(seed, at)));
                }
            }
            case TQ2_0 -> {
                for (long at = 0; at < whole; at += Long.BYTES) {
                    target.set(LONG, at, withoutThree(random(seed, at)));
                }
            }
            default -> {
                for (long at = 0; at < whole; at += Long.BYTES) {
                    target.set(LONG, at, random(seed, at));
                }
            }
        }
        // The last bytes: they are 0 otherwise, which is a valid code of every type.
        for (long at = whole; at < target.byteSize(); at++) {
            target.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
    }

    /** Eight bytes from -127 to 127: quantizers do not write -128. */
    static long withoutMinus128(long bytes) {
        long other = bytes ^ ~LOW_SEVEN; // a byte of 0 where there was -128
        long zero = ~((other & LOW_SEVEN) + LOW_SEVEN | other | LOW_SEVEN);
        return bytes | zero >>> 7;
    }

    /** Pairs of bits from 0 to 2: a 3 becomes a 1. */
    static long withoutThree(long pairs) {
        return pairs & ~(pairs & pairs << 1 & HIGH_OF_PAIRS);
    }

    /** The random number of a place, as splitmix64 would give it in its turn. */
    private static long random(long seed, long place) {
        long z = seed + (place + 1) * STEP;
        z = (z ^ z >>> 30) * MIX_1;
        z = (z ^ z >>> 27) * MIX_2;
        return z ^ z >>> 31;
    }

    /** A seed for one of many things that are made from one seed. */
    static long seed(long seed, String name) {
        long mixed = seed;
        for (int i = 0; i < name.length(); i++) {
            mixed = random(mixed, name.charAt(i));
        }
        return mixed;
    }

    // ---- scales

    private static void scales(MemorySegment target, TensorType type, float mean, long seed) {
        switch (type) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> halves(target, type, 0, mean, seed);
            case IQ1_S, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S ->
                    halves(target, type, 0, mean, seed);
            case Q3_K -> halves(target, type, 108, mean, seed);
            case Q6_K -> halves(target, type, 208, mean, seed);
            case TQ1_0 -> halves(target, type, 52, mean, seed);
            case TQ2_0 -> halves(target, type, 64, mean, seed);
            // With a minimum, which puts the middle of the codes at 0.
            case Q4_1 -> halves(target, type, 0, 2, mean, -7.5f, seed);
            case Q5_1 -> halves(target, type, 0, 2, mean, -15.5f, seed);
            case Q2_K -> halves(target, type, 80, 82, mean, 1.5f, seed);
            case Q4_K -> halves(target, type, 0, 2, mean, 7.5f, seed);
            case Q5_K -> halves(target, type, 0, 2, mean, 15.5f, seed);
            case IQ1_M -> scattered(target, type, mean, seed);
            case MXFP4 -> exponents(target, type, mean, seed);
            default -> throw new IllegalArgumentException("no random blocks of " + type);
        }
    }

    private static void halves(
            MemorySegment target, TensorType type, int field, float mean, long seed) {
        short[] scales = scales(mean);
        int step = type.bytesPerBlock();
        for (long at = 0, block = 0; at < target.byteSize(); at += step, block++) {
            target.set(SHORT, at + field, scales[choice(seed, block)]);
        }
    }

    private static void halves(
            MemorySegment target,
            TensorType type,
            int scaleField,
            int minimumField,
            float mean,
            float ratio,
            long seed) {
        short[] scales = scales(mean);
        short[] minima = scales(mean * ratio);
        int step = type.bytesPerBlock();
        for (long at = 0, block = 0; at < target.byteSize(); at += step, block++) {
            int choice = choice(seed, block);
            target.set(SHORT, at + scaleField, scales[choice]);
            target.set(SHORT, at + minimumField, minima[choice]);
        }
    }

    /** The scale of IQ1_M lies in the top four bits of the four shorts at its end. */
    private static void scattered(MemorySegment target, TensorType type, float mean, long seed) {
        short[] scales = scales(mean);
        int step = type.bytesPerBlock();
        for (long at = 0, block = 0; at < target.byteSize(); at += step, block++) {
            int scale = scales[choice(seed, block)];
            for (int i = 0; i < 4; i++) {
                long place = at + 48 + 2L * i;
                int rest = target.get(SHORT, place) & 0xFFF;
                target.set(SHORT, place, (short) (rest | (scale >> (4 * i) & 15) << 12));
            }
        }
    }

    /** Powers of two, with the exponent in the first byte. */
    private static void exponents(MemorySegment target, TensorType type, float mean, long seed) {
        byte[] exponents = new byte[SCALES];
        for (int i = 0; i < SCALES; i++) {
            exponents[i] = (byte) (127 + Math.round(Math.log(mean * factor(i)) / Math.log(2)));
        }
        int step = type.bytesPerBlock();
        for (long at = 0, block = 0; at < target.byteSize(); at += step, block++) {
            target.set(ValueLayout.JAVA_BYTE, at, exponents[choice(seed, block)]);
        }
    }

    private static short[] scales(float mean) {
        short[] scales = new short[SCALES];
        for (int i = 0; i < SCALES; i++) {
            scales[i] = Float.floatToFloat16(mean * factor(i));
        }
        return scales;
    }

    private static float factor(int choice) {
        return 0.75f + 0.5f * choice / (SCALES - 1);
    }

    private static int choice(long seed, long block) {
        return (int) (random(~seed, block) >>> 60);
    }

    // ---- numbers that are not in blocks

    private static void floats(MemorySegment target, float middle, float bound, long seed) {
        float step = bound / Integer.MAX_VALUE;
        for (long at = 0; at < target.byteSize(); at += Float.BYTES) {
            target.set(FLOAT, at, middle + step * (int) random(seed, at));
        }
    }

    private static void halves(MemorySegment target, float bound, long seed) {
        float step = bound / Integer.MAX_VALUE;
        for (long at = 0; at < target.byteSize(); at += Short.BYTES) {
            target.set(SHORT, at, Float.floatToFloat16(step * (int) random(seed, at)));
        }
    }

    private static void brains(MemorySegment target, float bound, long seed) {
        float step = bound / Integer.MAX_VALUE;
        for (long at = 0; at < target.byteSize(); at += Short.BYTES) {
            int bits = Float.floatToRawIntBits(step * (int) random(seed, at));
            target.set(SHORT, at, (short) (bits >>> 16));
        }
    }
}
