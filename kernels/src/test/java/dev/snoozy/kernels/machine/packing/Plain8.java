package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A weight in the blocks of its file, and products with 8-bit activations in plain Java, after
 * {@code docs/numerics.md}.
 */
public record Plain8(Format16 format, int in, MemorySegment blocks) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The scale and the minimum of a part, and its codes less the code that stands for 0. */
    public record Part(float scale, float minimum, int[] codes) {}

    /** A weight of random codes, with scales around 0.01. */
    public static Plain8 random(Format16 format, int rows, int in, Random random) {
        byte[] bytes = new byte[Math.toIntExact(format.type().bytes((long) rows * in))];
        random.nextBytes(bytes);
        return withScales(format, in, bytes, random);
    }

    /** A weight whose bytes are all the same but for the scales. */
    public static Plain8 filled(Format16 format, int rows, int in, int value, Random random) {
        byte[] bytes = new byte[Math.toIntExact(format.type().bytes((long) rows * in))];
        Arrays.fill(bytes, (byte) value);
        return withScales(format, in, bytes, random);
    }

    private static Plain8 withScales(Format16 format, int in, byte[] bytes, Random random) {
        TensorType type = format.type();
        MemorySegment blocks = MemorySegment.ofArray(bytes);
        for (long at = 0; at < bytes.length; at += type.bytesPerBlock()) {
            for (int place : halves(format)) {
                float scale = (float) (0.01 * random.nextGaussian());
                blocks.set(SHORT, at + place, Float.floatToFloat16(scale));
            }
            if (format == Format16.MXFP4) {
                blocks.set(ValueLayout.JAVA_BYTE, at, (byte) (110 + random.nextInt(20)));
            }
            if (format == Format16.IQ1_M) { // an F16 in the upper four bits of four shorts
                int scale = Float.floatToFloat16((float) (0.01 * random.nextGaussian()));
                for (int i = 0; i < 4; i++) {
                    int rest = blocks.get(SHORT, at + 48 + 2 * i) & 0xFFF;
                    int four = scale >> (4 * i) & 15;
                    blocks.set(SHORT, at + 48 + 2 * i, (short) (rest | four << 12));
                }
            }
        }
        return new Plain8(format, in, blocks);
    }

    /** Where F16 numbers stand in a block of a file. */
    private static int[] halves(Format16 format) {
        return switch (format) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            case IQ1_S, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S -> new int[] {0};
            case TQ1_0 -> new int[] {52};
            case TQ2_0 -> new int[] {64};
            case MXFP4, IQ1_M -> new int[] {};
        };
    }

    /** A part of a block of 32 of a row. */
    Part part(int row, int block32, int part) {
        TensorType type = format.type();
        int first = block32 * 32 / type.blockSize();
        long at = type.bytes((long) row * in) + (long) first * type.bytesPerBlock();
        BlockFields fields = new BlockFields();
        fields.read(format, blocks, at);
        int inBlock = block32 * 32 % type.blockSize() / 32;
        int number = inBlock * format.parts() + part;
        float scale = Float.float16ToFloat(fields.scale);
        float minimum = format.hasMinima() ? Float.float16ToFloat(fields.minimum) : 0;
        switch (format.scales()) {
            case BF16 -> scale = Float.intBitsToFloat(fields.scale << 16);
            case WIDE -> scale = fields.wide * (fields.scales[number] & 0xFF);
            case SIGNED -> scale *= fields.scales[number];
            case UNSIGNED -> {
                scale *= fields.scales[number] & 0xFF;
                minimum *= fields.minima[number] & 0xFF;
            }
            case F16, ONE -> {}
        }
        int[] codes = new int[32 / format.parts()];
        for (int i = 0; i < codes.length; i++) {
            int code = fields.codes[inBlock * 32 + part * codes.length + i] & 0xFF;
            if (format.hasCodebook()) {
                code = Codebooks.of(format)[code] & 0xFF;
            }
            codes[i] = code - format.zero();
        }
        return new Part(scale, minimum, codes);
    }

    /** All parts of a row, in order. */
    public List<Part> parts(int row) {
        List<Part> parts = new ArrayList<>();
        for (int block = 0; block < in / 32; block++) {
            for (int p = 0; p < format.parts(); p++) {
                parts.add(part(row, block, p));
            }
        }
        return parts;
    }

    /** A row times the elements of x from {@code from} on. */
    public float product(List<Part> parts, float[] x, int from) {
        float acc = 0;
        for (int block = 0; block < in / 32; block++) {
            float largest = 0;
            for (int i = 0; i < 32; i++) {
                largest = Math.max(largest, Math.abs(x[from + 32 * block + i]));
            }
            float d = largest / 127;
            float inverse = d < Float.MIN_NORMAL ? 0 : 1 / d;
            for (int p = 0; p < format.parts(); p++) {
                Part part = parts.get(block * format.parts() + p);
                int length = part.codes().length;
                int sum = 0;
                int ofX = 0;
                for (int i = 0; i < length; i++) {
                    float element = x[from + 32 * block + p * length + i];
                    int q = (int) Math.rint(element * inverse);
                    sum += part.codes()[i] * q;
                    ofX += q;
                }
                acc = Math.fma((float) sum, part.scale() * d, acc);
                if (format.hasMinima()) {
                    acc = Math.fma(-part.minimum(), d * ofX, acc);
                }
            }
        }
        return acc;
    }
}
