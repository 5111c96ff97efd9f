package dev.snoozy.format.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.Sha256;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class CodecsTest {
    private static final int BLOCKS = 12;

    /** The types that GGUF knows and no codec decodes. */
    private static final String WITHOUT = "Q8_1|Q8_K|I8|I16|I32|I64|F64|NVFP4|Q1_0|Q2_0";

    /** Sizes as sums of the fields: scales, minima, packed numbers. */
    @ParameterizedTest
    @CsvSource({
        "0,F32,1,4",
        "1,F16,1,2",
        "2,Q4_0,32,2+16",
        "3,Q4_1,32,4+16",
        "6,Q5_0,32,2+4+16",
        "7,Q5_1,32,4+4+16",
        "8,Q8_0,32,2+32",
        "9,Q8_1,32,4+32",
        "10,Q2_K,256,4+16+64",
        "11,Q3_K,256,2+12+32+64",
        "12,Q4_K,256,4+12+128",
        "13,Q5_K,256,4+12+32+128",
        "14,Q6_K,256,2+16+64+128",
        "15,Q8_K,256,4+256+32",
        "16,IQ2_XXS,256,2+64",
        "17,IQ2_XS,256,2+64+8",
        "18,IQ3_XXS,256,2+64+32",
        "19,IQ1_S,256,2+32+16",
        "20,IQ4_NL,32,2+16",
        "21,IQ3_S,256,2+64+8+32+4",
        "22,IQ2_S,256,2+64+8+8",
        "23,IQ4_XS,256,2+2+4+128",
        "24,I8,1,1",
        "25,I16,1,2",
        "26,I32,1,4",
        "27,I64,1,8",
        "28,F64,1,8",
        "29,IQ1_M,256,32+16+8",
        "30,BF16,1,2",
        "34,TQ1_0,256,2+48+4",
        "35,TQ2_0,256,2+64",
        "39,MXFP4,32,1+16",
        "40,NVFP4,64,4+32",
        "41,Q1_0,128,2+16",
        "42,Q2_0,64,2+16"
    })
    void blocksHaveTheSizeOfTheFormat(int id, TensorType type, int elements, String bytes) {
        int sum = Arrays.stream(bytes.split("\\+")).mapToInt(Integer::parseInt).sum();
        assertThat(TensorType.byId(id)).contains(type);
        assertThat(type.blockSize()).isEqualTo(elements);
        assertThat(type.bytesPerBlock()).isEqualTo(sum);
        assertThat(type.bytes(3L * elements)).isEqualTo(3L * sum);
    }

    @Test
    void thereAreNoOtherTypes() {
        assertThat(TensorType.values()).hasSize(35);
        for (int id : new int[] {-1, 4, 5, 31, 32, 33, 36, 37, 38, 43, 100}) {
            assertThat(TensorType.byId(id)).as("id %d", id).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = WITHOUT, mode = Mode.MATCH_ANY)
    void typesWithoutACodecAreRefused(TensorType type) {
        assertThatThrownBy(() -> BlockCodec.of(type))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("found the tensor type " + type)
                .hasMessageContaining("expected one of [F32, F16, Q4_0, ");
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void randomBlocksDecodeToTheSameBitsAsEver(TensorType type) throws IOException {
        float[] values = whole(type, blocks(type));
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            // All NaN become one: how a half-precision NaN is widened is the machine's affair.
            bytes.putInt(Float.floatToIntBits(value));
        }
        assertThat(sha256(bytes.array())).as(type.name()).isEqualTo(digests().get(type.name()));
    }

    @Test
    void everyCodecHasADigest() throws IOException {
        assertThat(digests().keySet())
                .isEqualTo(decodable().map(TensorType::name).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void partsEqualTheWhole(TensorType type) {
        byte[] blocks = blocks(type);
        float[] whole = whole(type, blocks);
        int size = type.blockSize();
        for (int from = 0; from < BLOCKS; from++) {
            for (int count : new int[] {0, 1, 2, BLOCKS - from}) {
                int length = Math.min(count, BLOCKS - from) * size;
                // An odd address in the source and a place in the target that is no whole block.
                byte[] moved = new byte[blocks.length + 3];
                System.arraycopy(blocks, 0, moved, 3, blocks.length);
                float[] target = new float[length + 12];
                Arrays.fill(target, -77);
                BlockCodec.of(type)
                        .decode(
                                MemorySegment.ofArray(moved),
                                3 + (long) from * type.bytesPerBlock(),
                                target,
                                5,
                                length);
                float[] expected = new float[length + 12];
                Arrays.fill(expected, -77);
                System.arraycopy(whole, from * size, expected, 5, length);
                assertThat(target).as("%s, %d from %d", type, length, from).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("decodable")
    void rangesOutsideSourceOrTargetAreRefused(TensorType type) {
        BlockCodec codec = BlockCodec.of(type);
        int size = type.blockSize();
        MemorySegment two = MemorySegment.ofArray(new byte[2 * type.bytesPerBlock()]);
        float[] room = new float[3 * size];
        codec.decode(two, 0, room, size, 2 * size);
        refuses(IndexOutOfBoundsException.class, codec, two, 0, room, 3 * size);
        refuses(IndexOutOfBoundsException.class, codec, two, 1, room, 2 * size);
        refuses(IndexOutOfBoundsException.class, codec, two, -1, room, size);
        refuses(IndexOutOfBoundsException.class, codec, two, Long.MAX_VALUE, room, size);
        refuses(IndexOutOfBoundsException.class, codec, two, 0, new float[2 * size - 1], 2 * size);
        refuses(IndexOutOfBoundsException.class, codec, two, 0, room, -size);
        if (size > 1) {
            for (int count : new int[] {1, size - 1, size + 1}) {
                refuses(IllegalArgumentException.class, codec, two, 0, room, count);
            }
        }
    }

    private static void refuses(
            Class<? extends Exception> type,
            BlockCodec codec,
            MemorySegment source,
            long offset,
            float[] target,
            int count) {
        assertThatThrownBy(() -> codec.decode(source, offset, target, 0, count))
                .as("%s, offset %d, count %d", codec.type(), offset, count)
                .isInstanceOf(type);
    }

    static Stream<TensorType> decodable() {
        return Arrays.stream(TensorType.values()).filter(t -> !t.name().matches(WITHOUT));
    }

    private static byte[] blocks(TensorType type) {
        byte[] bytes = new byte[BLOCKS * type.bytesPerBlock()];
        new Random(1000 + type.id()).nextBytes(bytes);
        return bytes;
    }

    private static float[] whole(TensorType type, byte[] blocks) {
        float[] values = new float[BLOCKS * type.blockSize()];
        BlockCodec.of(type).decode(MemorySegment.ofArray(blocks), 0, values, 0, values.length);
        return values;
    }

    private static TreeMap<String, String> digests() throws IOException {
        TreeMap<String, String> digests = new TreeMap<>();
        try (InputStream in =
                Objects.requireNonNull(CodecsTest.class.getResourceAsStream("digests.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(pair -> digests.put(pair[0], pair[1]));
        }
        return digests;
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes));
    }
}
