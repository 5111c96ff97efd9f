package dev.snoozy.format.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * A block of each type, put together from its elements: for element {@code e} the test says in
 * which bits of the block its number lies and which value it must have. All factors are powers of
 * two or small integers, so the expected values are exact.
 */
class HandMadeBlocksTest {
    private static final List<Integer> IQ4 =
            List.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    @Test
    void f32() {
        Bits bits = new Bits(16).put(0, 32, 0x3fc00000).put(32, 32, 0x80000000);
        bits.put(64, 32, 0xff800000).put(96, 32, 1);
        check(TensorType.F32, bits, e -> new double[] {1.5, -0.0, -1 / 0.0, 0x1p-149}[e], 4);
    }

    @Test
    void f16() {
        Bits bits = new Bits(12).put(0, 16, 0x3c00).put(16, 16, 0xc000).put(32, 16, 0x0001);
        bits.put(48, 16, 0x7bff).put(64, 16, 0xfc00).put(80, 16, 0x8000);
        double[] expected = {1, -2, 0x1p-24, 65504, -1 / 0.0, -0.0};
        check(TensorType.F16, bits, e -> expected[e], 6);
    }

    @Test
    void bf16() {
        Bits bits = new Bits(10).put(0, 16, 0x3f80).put(16, 16, 0xc040).put(32, 16, 0x0001);
        bits.put(48, 16, 0x7f80).put(64, 16, 0x7f7f);
        double[] expected = {1, -3, 0x1p-133, 1 / 0.0, 0x1.fep127};
        check(TensorType.BF16, bits, e -> expected[e], 5);
    }

    @Test
    void q4_0AndQ4_1() {
        Bits q40 = new Bits(18).half(0, 0.5f);
        Bits q41 = new Bits(20).half(0, 0.5f).half(2, -3);
        for (int e = 0; e < 32; e++) {
            q40.put(8 * (2 + e % 16) + 4 * (e / 16), 4, q(e, 4));
            q41.put(8 * (4 + e % 16) + 4 * (e / 16), 4, q(e, 4));
        }
        check(TensorType.Q4_0, q40, e -> 0.5 * (q(e, 4) - 8), 32);
        check(TensorType.Q4_1, q41, e -> 0.5 * q(e, 4) - 3, 32);
    }

    @Test
    void q5_0AndQ5_1() {
        Bits q50 = new Bits(22).half(0, 0.25f);
        Bits q51 = new Bits(24).half(0, 0.25f).half(2, 7);
        for (int e = 0; e < 32; e++) {
            q50.put(8 * (6 + e % 16) + 4 * (e / 16), 4, q(e, 5)).put(16 + e, 1, q(e, 5) >> 4);
            q51.put(8 * (8 + e % 16) + 4 * (e / 16), 4, q(e, 5)).put(32 + e, 1, q(e, 5) >> 4);
        }
        check(TensorType.Q5_0, q50, e -> 0.25 * (q(e, 5) - 16), 32);
        check(TensorType.Q5_1, q51, e -> 0.25 * q(e, 5) + 7, 32);
    }

    @Test
    void q8_0() {
        Bits bits = new Bits(34).half(0, -2);
        for (int e = 0; e < 32; e++) {
            bits.put(16 + 8 * e, 8, 8 * e - 128);
        }
        check(TensorType.Q8_0, bits, e -> -2 * (8 * e - 128), 32);
    }

    @Test
    void q2K() {
        Bits bits = new Bits(84).half(80, 0.5f).half(82, 0.25f);
        for (int e = 0; e < 256; e++) {
            bits.put(8 * (16 + 32 * (e / 128) + e % 32) + 2 * (e / 32 % 4), 2, q(e, 2));
        }
        for (int group = 0; group < 16; group++) {
            bits.put(8 * group, 4, group).put(8 * group + 4, 4, 15 - group);
        }
        check(TensorType.Q2_K, bits, e -> 0.5 * (e / 16) * q(e, 2) - 0.25 * (15 - e / 16), 256);
    }

    @Test
    void q3K() {
        Bits bits = new Bits(110).half(108, 0.5f);
        for (int e = 0; e < 256; e++) {
            bits.put(8 * (32 + 32 * (e / 128) + e % 32) + 2 * (e / 32 % 4), 2, q(e, 3));
            bits.put(8 * (e % 32) + e / 32, 1, q(e, 3) >> 2);
        }
        for (int group = 0; group < 16; group++) {
            bits.put(8 * (96 + group % 8) + 4 * (group / 8), 4, scale(group));
            bits.put(8 * (104 + group % 4) + 2 * (group / 4), 2, scale(group) >> 4);
        }
        check(TensorType.Q3_K, bits, e -> 0.5 * (scale(e / 16) - 32) * (q(e, 3) - 4), 256);
    }

    @Test
    void q4KAndQ5K() {
        Bits q4 = new Bits(144).half(0, 0.5f).half(2, 0.25f);
        Bits q5 = new Bits(176).half(0, 0.5f).half(2, 0.25f);
        for (int e = 0; e < 256; e++) {
            int nibble = 8 * (32 * (e / 64) + e % 32) + 4 * (e / 32 % 2);
            q4.put(8 * 16 + nibble, 4, q(e, 4));
            q5.put(8 * 48 + nibble, 4, q(e, 5)).put(8 * (16 + e % 32) + e / 32, 1, q(e, 5) >> 4);
        }
        scalesAndMinima(q4);
        scalesAndMinima(q5);
        check(TensorType.Q4_K, q4, e -> 0.5 * scale(e / 32) * q(e, 4) - minimum(e / 32), 256);
        check(TensorType.Q5_K, q5, e -> 0.5 * scale(e / 32) * q(e, 5) - minimum(e / 32), 256);
    }

    /** Eight scales and minima of six bits in twelve bytes from byte 4 on. */
    private static void scalesAndMinima(Bits bits) {
        for (int g = 0; g < 4; g++) {
            bits.put(8 * (4 + g), 6, scale(g)).put(8 * (8 + g), 6, scale(g) ^ 63);
            bits.put(8 * (12 + g), 4, scale(4 + g)).put(8 * (4 + g) + 6, 2, scale(4 + g) >> 4);
            int minimum = scale(4 + g) ^ 63;
            bits.put(8 * (12 + g) + 4, 4, minimum).put(8 * (8 + g) + 6, 2, minimum >> 4);
        }
    }

    private static double minimum(int group) {
        return 0.25 * (scale(group) ^ 63);
    }

    @Test
    void q6K() {
        Bits bits = new Bits(210).half(208, 0.5f);
        for (int e = 0; e < 256; e++) {
            int run = e / 32 % 4;
            int low = 64 * (e / 128) + 32 * (run % 2) + e % 32;
            bits.put(8 * low + 4 * (run / 2), 4, q(e, 6));
            bits.put(8 * (128 + 32 * (e / 128) + e % 32) + 2 * run, 2, q(e, 6) >> 4);
        }
        for (int group = 0; group < 16; group++) {
            bits.put(8 * (192 + group), 8, 16 * group - 128);
        }
        check(TensorType.Q6_K, bits, e -> 0.5 * (16 * (e / 16) - 128) * (q(e, 6) - 32), 256);
    }

    @Test
    void iq4NlAndIq4Xs() {
        Bits nl = new Bits(18).half(0, 0.5f);
        for (int e = 0; e < 32; e++) {
            nl.put(8 * (2 + e % 16) + 4 * (e / 16), 4, q(e, 4));
        }
        Bits xs = new Bits(136).half(0, 0.5f);
        for (int e = 0; e < 256; e++) {
            xs.put(8 * (8 + 16 * (e / 32) + e % 16) + 4 * (e / 16 % 2), 4, q(e, 4));
        }
        for (int g = 0; g < 8; g++) {
            xs.put(16 + 2 * g, 2, scale(g) >> 4).put(32 + 4 * g, 4, scale(g));
        }
        check(TensorType.IQ4_NL, nl, e -> 0.5 * IQ4.get(q(e, 4)), 32);
        check(TensorType.IQ4_XS, xs, e -> 0.5 * (scale(e / 32) - 32) * IQ4.get(q(e, 4)), 256);
    }

    @Test
    void mxfp4() {
        for (int exponent : new int[] {0, 1, 2, 127, 130, 252}) {
            Bits bits = new Bits(17).put(0, 8, exponent);
            for (int e = 0; e < 32; e++) {
                bits.put(8 * (1 + e % 16) + 4 * (e / 16), 4, q(e, 4));
            }
            check(TensorType.MXFP4, bits, e -> e2m1(q(e, 4)) * Math.scalb(1.0, exponent - 127), 32);
        }
    }

    /** Sign, two bits of exponent with the bias 1, one bit of mantissa. */
    private static double e2m1(int bits) {
        int exponent = bits >> 1 & 3;
        int mantissa = bits & 1;
        double size = exponent == 0 ? mantissa / 2.0 : (1 + mantissa / 2.0) * (1 << (exponent - 1));
        return bits < 8 || size == 0 ? size : -size;
    }

    @Test
    void tq1_0() {
        Bits bits = new Bits(54).half(52, 0.5f);
        digits(bits, 0, 32, 5, 0);
        digits(bits, 32, 16, 5, 160);
        digits(bits, 48, 4, 4, 240);
        check(TensorType.TQ1_0, bits, e -> 0.5 * (e * 7 % 3 - 1), 256);
    }

    /** Digit n of byte j is element {@code first + bytes n + j}; the byte is a fraction of 3^5. */
    private static void digits(Bits bits, int at, int bytes, int digits, int first) {
        for (int j = 0; j < bytes; j++) {
            int value = 0;
            for (int n = 0; n < 5; n++) {
                value = 3 * value + (n < digits ? (first + bytes * n + j) * 7 % 3 : 0);
            }
            bits.put(8 * (at + j), 8, Math.ceilDiv(value * 256, 243));
        }
    }

    @Test
    void tq2_0() {
        Bits bits = new Bits(66).half(64, -0.5f);
        for (int e = 0; e < 256; e++) {
            bits.put(8 * (32 * (e / 128) + e % 32) + 2 * (e / 32 % 4), 2, e * 5 % 3);
        }
        check(TensorType.TQ2_0, bits, e -> -0.5 * (e * 5 % 3 - 1), 256);
    }

    @Test
    void iq2Xxs() {
        Bits bits = new Bits(66).half(0, 4);
        for (int i = 0; i < 32; i++) {
            int word = 8 * (2 + 8 * (i / 4) + 4);
            bits.put(8 * (2 + 8 * (i / 4) + i % 4), 8, q(i, 8)).put(word + 7 * (i % 4), 7, q(i, 7));
        }
        for (int g = 0; g < 8; g++) {
            bits.put(8 * (2 + 8 * g + 4) + 28, 4, 15 - g);
        }
        check(
                TensorType.IQ2_XXS,
                bits,
                e -> (15.5 - e / 32) * even(q(e / 8, 7), e) * entry("IQ2_XXS", 8, q(e / 8, 8), e),
                256);
    }

    @Test
    void iq2Xs() {
        Bits bits = new Bits(74).half(0, 4);
        for (int i = 0; i < 32; i++) {
            bits.put(16 + 16 * i, 9, q(i, 9)).put(16 + 16 * i + 9, 7, q(i, 7));
        }
        nibbles(bits, 66);
        check(
                TensorType.IQ2_XS,
                bits,
                e -> (0.5 + e / 16) * even(q(e / 8, 7), e) * entry("IQ2_XS", 8, q(e / 8, 9), e),
                256);
    }

    @Test
    void iq2S() {
        Bits bits = new Bits(82).half(0, 4);
        for (int i = 0; i < 32; i++) {
            bits.put(8 * (2 + i), 8, q(i, 10)).put(8 * 66 + 2 * i, 2, q(i, 10) >> 8);
            bits.put(8 * (34 + i), 8, q(i, 8));
        }
        nibbles(bits, 74);
        check(
                TensorType.IQ2_S,
                bits,
                e -> (0.5 + e / 16) * sign(q(e / 8, 8), e % 8) * entry("IQ2_S", 8, q(e / 8, 10), e),
                256);
    }

    /** The scale of group g of 16 elements is g. */
    private static void nibbles(Bits bits, int at) {
        for (int g = 0; g < 16; g++) {
            bits.put(8 * at + 4 * g, 4, g);
        }
    }

    @Test
    void iq3Xxs() {
        Bits bits = new Bits(98).half(0, 2);
        for (int i = 0; i < 64; i++) {
            bits.put(8 * (2 + i), 8, q(i, 8));
        }
        for (int i = 0; i < 32; i++) {
            bits.put(8 * (66 + 4 * (i / 4)) + 7 * (i % 4), 7, q(i, 7));
        }
        for (int g = 0; g < 8; g++) {
            bits.put(8 * (66 + 4 * g) + 28, 4, 2 * g + 1);
        }
        check(
                TensorType.IQ3_XXS,
                bits,
                e ->
                        (1.5 + 2 * (e / 32))
                                * even(q(e / 8, 7), e)
                                * entry("IQ3_XXS", 4, q(e / 4, 8), e),
                256);
    }

    @Test
    void iq3S() {
        Bits bits = new Bits(110).half(0, 0.5f);
        for (int i = 0; i < 64; i++) {
            bits.put(8 * (2 + i), 8, q(i, 9)).put(8 * 66 + i, 1, q(i, 9) >> 8);
        }
        for (int e = 0; e < 256; e++) {
            bits.put(8 * 74 + e, 1, e * e % 7 % 2);
        }
        for (int g = 0; g < 8; g++) {
            bits.put(8 * 106 + 4 * g, 4, 15 - 2 * g);
        }
        check(
                TensorType.IQ3_S,
                bits,
                e ->
                        0.5
                                * (31 - 4 * (e / 32))
                                * sign(e * e % 7 % 2, 0)
                                * entry("IQ3_S", 4, q(e / 4, 9), e),
                256);
    }

    @Test
    void iq1S() {
        Bits bits = new Bits(50).half(0, 0.5f);
        for (int i = 0; i < 32; i++) {
            bits.put(8 * (2 + i), 8, q(i, 11));
            bits.put(8 * (34 + 2 * (i / 4)) + 3 * (i % 4), 3, q(i, 11) >> 8);
        }
        for (int g = 0; g < 8; g++) {
            bits.put(8 * (34 + 2 * g) + 12, 3, g).put(8 * (34 + 2 * g) + 15, 1, g / 2);
        }
        check(
                TensorType.IQ1_S,
                bits,
                e -> {
                    double shift = e / 64 % 2 == 1 ? -0.125 : 0.125;
                    return 0.5 * (2 * (e / 32) + 1) * (entry("IQ1_S", 8, q(e / 8, 11), e) + shift);
                },
                256);
    }

    @Test
    void iq1M() {
        Bits bits = new Bits(56);
        int d = Float.floatToFloat16(1.75f) & 0xffff;
        for (int i = 0; i < 4; i++) {
            bits.put(8 * 48 + 16 * i + 12, 4, d >> 4 * i);
        }
        for (int i = 0; i < 32; i++) {
            bits.put(8 * i, 8, q(i, 11)).put(8 * 32 + 4 * i, 3, q(i, 11) >> 8);
            bits.put(8 * 32 + 4 * i + 3, 1, i / 3);
        }
        for (int g = 0; g < 16; g++) {
            bits.put(8 * 48 + 16 * (g / 4) + 3 * (g % 4), 3, g * 3 % 8);
        }
        check(
                TensorType.IQ1_M,
                bits,
                e -> {
                    double shift = e / 8 / 3 % 2 == 1 ? -0.125 : 0.125;
                    double scale = 1.75 * (2 * (e / 16 * 3 % 8) + 1);
                    return scale * (entry("IQ1_S", 8, q(e / 8, 11), e) + shift);
                },
                256);
    }

    /** The first entries of each codebook, from the published tables. */
    @Test
    void codebooksBeginAsPublished() {
        assertThat(Codebook.of("IQ2_XXS").values())
                .hasSize(256 * 8)
                .startsWith(8, 8, 8, 8, 8, 8, 8, 8, 43, 8, 8, 8, 8, 8, 8, 8, 25, 25, 8);
        assertThat(Codebook.of("IQ2_XS").values()).hasSize(512 * 8).startsWith(8, 8, 8, 8);
        assertThat(Codebook.of("IQ2_S").values()).hasSize(1024 * 8).startsWith(8, 8, 8, 8);
        assertThat(Codebook.of("IQ3_XXS").values()).hasSize(256 * 4);
        assertThat(Codebook.of("IQ3_S").values()).hasSize(512 * 4);
        assertThat(Codebook.of("IQ1_S").values())
                .hasSize(2048 * 8)
                .startsWith(-1, -1, -1, -1, -1, -1, -1, -1)
                .containsOnly(-1, 0, 1);
    }

    /** A number of so many bits for element or group {@code i}, of which many different occur. */
    private static int q(int i, int bits) {
        return (i * 181 + i / 16 * 37 + 5) % (1 << bits);
    }

    /** A scale of six bits. */
    private static int scale(int group) {
        return (group * 23 + 9) % 64;
    }

    private static double entry(String codebook, int width, int index, int element) {
        return Codebook.of(codebook).values()[width * index + element % width];
    }

    private static int sign(int bits, int n) {
        return (bits >> n & 1) == 1 ? -1 : 1;
    }

    /** Sign of element e of eight, whose signs are seven bits and one that makes their sum even. */
    private static int even(int seven, int e) {
        int sum = 0;
        for (int n = 0; n < 7; n++) {
            sum += seven >> n & 1;
        }
        return e % 8 < 7 ? sign(seven, e % 8) : sign(sum, 0);
    }

    /** Decodes the block and compares every element. */
    private static void check(
            TensorType type, Bits block, IntToDoubleFunction expected, int elements) {
        float[] found = new float[elements];
        assertThat(block.segment().byteSize()).isEqualTo(type.bytes(elements));
        BlockCodec.of(type).decode(block.segment(), 0, found, 0, elements);
        for (int e = 0; e < elements; e++) {
            // The sign of a zero is defined for the plain numbers only; adding 0 drops it.
            double none = type.blockSize() == 1 ? -0.0 : 0.0;
            assertThat(Double.valueOf(found[e] + none))
                    .as("%s, element %d", type, e)
                    .isEqualTo(Double.valueOf(expected.applyAsDouble(e) + none));
        }
    }
}
