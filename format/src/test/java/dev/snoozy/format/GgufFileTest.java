package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

class GgufFileTest {
    private static final int F32 = TensorType.F32.id();
    private static final int Q4_0 = TensorType.Q4_0.id();

    @TempDir Path folder;

    @Test
    void readsVersion2AndVersion3() {
        for (int version : new int[] {2, 3}) {
            byte[] bytes =
                    GgufBytes.header(ByteOrder.LITTLE_ENDIAN, version, 0, 1)
                            .pair("a", 5)
                            .toByteArray();
            try (GgufFile file = GgufFile.of(bytes)) {
                assertThat(file.version()).isEqualTo(version);
                assertThat(file.metadata().integer("a")).isEqualTo(5);
            }
        }
    }

    @Test
    void readsBigEndianCountsValuesAndData() {
        byte[] bytes =
                GgufBytes.header(ByteOrder.BIG_ENDIAN, 3, 1, 1)
                        .pair("a", 5)
                        .tensor("t", F32, 0, 1)
                        .data(0)
                        .int32(Float.floatToIntBits(1.5f))
                        .toByteArray();
        try (GgufFile file = GgufFile.of(bytes)) {
            assertThat(file.byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.metadata().integer("a")).isEqualTo(5);
            float[] decoded = new float[1];
            BlockCodec.of(TensorType.F32).decode(data(file, "t"), 0, decoded, 0, 1);
            assertThat(decoded).containsExactly(1.5f);
        }
    }

    @Test
    void refusesBigEndianVersionOverLittleEndianData() {
        byte[] bytes = GgufBytes.header(1, 0).tensor("t", F32, 0, 4).data(16).toByteArray();
        bytes[4] = 0;
        bytes[7] = 3;
        refuses(bytes, "big-endian");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 99, -1, 0x10000})
    void refusesOtherVersions(int version) {
        byte[] bytes = GgufBytes.header(ByteOrder.LITTLE_ENDIAN, version, 0, 0).toByteArray();
        refuses(bytes, "version: found " + Integer.toUnsignedString(version));
    }

    @Test
    void refusesWhatDoesNotBeginWithItsMagic() {
        refuses(new byte[0], "empty");
        refuses("Hello, world! This is a text.".getBytes(), "found 48 65 6c 6c");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 32, Long.MAX_VALUE, 1000})
    void refusesCountsThatTheFileCannotHold(long count) {
        refuses(GgufBytes.header(count, 0).data(64).toByteArray(), "number of tensors");
        refuses(GgufBytes.header(0, count).data(64).toByteArray(), "number of metadata pairs");
    }

    @Test
    void refusesEmptyAndRepeatedKeys() {
        refuses(GgufBytes.header(0, 1).pair("", 1).data(8).toByteArray(), "empty");
        refuses(GgufBytes.header(0, 2).pair("a", 1).pair("a", 2).toByteArray(), "twice");
    }

    @Test
    void refusesValueTypesItDoesNotKnow() {
        byte[] bytes = GgufBytes.header(0, 1).string("k").int32(13).int64(0).toByteArray();
        refuses(bytes, "found value type 13, expected 0 to 12");
    }

    @Test
    void refusesArraysOfArrays() {
        byte[] bytes =
                GgufBytes.header(0, 1)
                        .string("k")
                        .int32(ValueType.ARRAY.id())
                        .int32(ValueType.ARRAY.id())
                        .int64(1)
                        .data(64)
                        .toByteArray();
        refuses(bytes, "array of arrays");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 40, 9})
    void refusesArraysLongerThanTheFile(long length) {
        byte[] bytes =
                GgufBytes.header(0, 1)
                        .string("k")
                        .int32(ValueType.ARRAY.id())
                        .int32(ValueType.UINT32.id())
                        .int64(length)
                        .int64(0)
                        .toByteArray();
        refuses(bytes, "length of the array k");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 31, -1, Integer.MIN_VALUE})
    void refusesAlignmentsThatAreNoPowerOfTwo(int alignment) {
        byte[] bytes = GgufBytes.header(0, 1).pair("general.alignment", alignment).toByteArray();
        refuses(bytes, "general.alignment");
    }

    @Test
    void honoursTheAlignmentOfTheFile() {
        Metadata metadata = new Metadata(Map.of("general.alignment", 128));
        List<TensorInfo> tensors =
                List.of(
                        TensorInfo.of("a", TensorType.F32, List.of(1L)),
                        TensorInfo.of("b", TensorType.F32, List.of(1L)));
        byte[] bytes =
                GgufWriter.bytes(metadata, tensors, t -> floats(t.name().equals("a") ? 1 : 2));
        assertThat(bytes.length % 128).isZero();
        try (GgufFile file = GgufFile.of(bytes)) {
            float[] decoded = new float[1];
            BlockCodec.of(TensorType.F32).decode(data(file, "b"), 0, decoded, 0, 1);
            assertThat(decoded).containsExactly(2);
        }
    }

    @Test
    void refusesTensorNamesThatAreTooLongEmptyRepeatedOrPaths() {
        refuses(one("x".repeat(64)), "name of 64 bytes, expected 1 to 63");
        refuses(one(""), "name of 0 bytes");
        refuses(one("../x"), "without slashes");
        refuses(one("a\0b"), "a\\u0000b");
        refuses(
                GgufBytes.header(2, 0)
                        .tensor("t", F32, 0, 1)
                        .tensor("t", F32, 32, 1)
                        .data(64)
                        .toByteArray(),
                "twice");
    }

    @Test
    void refusesDimensionsThatDoNotAddUp() {
        refuses(shaped(F32, -1), "dimension -1");
        refuses(shaped(F32, 1L << 33, 1L << 33), "fits 63 bits");
        refuses(shaped(F32, 1L << 60), "truncated");
        refuses(shaped(F32, Long.MAX_VALUE), "fits 63 bits");
        refuses(shaped(F32, 1, 1, 1, 1, 1), "5 dimensions");
        refuses(shaped(Q4_0, 31), "multiple of 32");
        refuses(shaped(Q4_0, 16, 2), "multiple of 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 31, 32, 33, 36, 37, 38, 43, 255, -1})
    void refusesTensorTypesThatWereRemovedOrNeverWere(int type) {
        refuses(shaped(type, 32), "tensor type " + Integer.toUnsignedString(type));
    }

    @ParameterizedTest
    @ValueSource(longs = {-32, 32, 1, Long.MIN_VALUE, 1L << 40})
    void refusesOffsetsThatDoNotFollowTheTensorBefore(long offset) {
        byte[] bytes = GgufBytes.header(1, 0).tensor("t", F32, offset, 1).data(64).toByteArray();
        refuses(bytes, "expected 0");
    }

    @Test
    void refusesTruncationAtEveryByte() {
        byte[] whole = sample();
        int end = whole.length - 12; // the last tensor has 20 bytes, padded to 32
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> GgufFile.of(cut))
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isInstanceOf(FormatException.class)
                    .message()
                    .isNotBlank()
                    .doesNotContain("\n");
        }
        GgufFile.of(Arrays.copyOf(whole, end)).close();
    }

    @Test
    void saysNothingButItsOwnErrorsWhateverBytesAreChanged() {
        byte[] whole = sample();
        Random random = new Random(20250217);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
            }
            try (GgufFile file = GgufFile.of(bytes)) {
                file.tensors().forEach(tensor -> assertThat(file.data(tensor)).isNotNull());
            } catch (FormatException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void refusesFoldersAndMissingFiles() {
        assertThatThrownBy(() -> GgufFile.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("found the folder");
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void mapsTheFileReadOnly() throws IOException {
        Path path = folder.resolve("a.gguf");
        Files.write(path, sample());
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.shards()).isEqualTo(1);
            assertThat(data(file, "t").isReadOnly()).isTrue();
            assertThat(data(file, "t").isMapped()).isTrue();
        }
    }

    /** A small file with values of every type. */
    private static byte[] sample() {
        return GgufWriter.bytes(
                GgufWriterTest.everyType(),
                List.of(TensorInfo.of("t", TensorType.F32, List.of(5L))),
                t -> floats(1, 2, 3, 4, 5));
    }

    private static byte[] one(String name) {
        return GgufBytes.header(1, 0).tensor(name, F32, 0, 1).data(32).toByteArray();
    }

    private static byte[] shaped(int type, long... shape) {
        return GgufBytes.header(1, 0).tensor("t", type, 0, shape).data(64).toByteArray();
    }

    private static MemorySegment floats(float... values) {
        return GgufWriterTest.floats(values);
    }

    static MemorySegment data(GgufFile file, String name) {
        TensorInfo tensor = file.tensor(name);
        assertThat(tensor).as("tensor %s", name).isNotNull();
        return file.data(Objects.requireNonNull(tensor));
    }

    private static void refuses(byte[] bytes, String message) {
        assertThatThrownBy(() -> GgufFile.of(bytes))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }
}
