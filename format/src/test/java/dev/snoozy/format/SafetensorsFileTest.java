package dev.snoozy.format;

import static dev.snoozy.format.SafetensorsBytes.file;
import static dev.snoozy.format.SafetensorsBytes.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

class SafetensorsFileTest {
    private static final String TWO =
            "{" + tensor("a", "F32", "[2]", 0, 8) + "," + tensor("b", "U8", "[1,3]", 8, 11) + "}";

    @TempDir Path folder;

    @Test
    void readsTensorsAndTheirData() throws IOException {
        Path path = folder.resolve("model.safetensors");
        Files.write(path, file(TWO, 11));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.shards()).isEqualTo(1);
            assertThat(file.metadata()).isEmpty();
            assertThat(file.tensors())
                    .containsExactly(
                            new SafetensorInfo("a", SafetensorType.F32, List.of(2L), 0, 8),
                            new SafetensorInfo("b", SafetensorType.U8, List.of(1L, 3L), 8, 11));
            assertThat(data(file, "a")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(data(file, "b")).containsExactly(8, 9, 10);
            assertThat(file.tensor("c")).isNull();
        }
    }

    @Test
    void dataCannotBeWrittenAndDiesWithTheFile() {
        SafetensorsFile file = SafetensorsFile.of(file(TWO, 11));
        MemorySegment data = file.data(Objects.requireNonNull(file.tensor("a")));
        assertThat(data.isReadOnly()).isTrue();
        file.close();
        assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tensorsStandInTheOrderOfTheirDataWhateverTheOrderOfTheirNames() {
        String header =
                "{"
                        + tensor("c", "U8", "[2]", 3, 5)
                        + ","
                        + tensor("a", "U8", "[1]", 2, 3)
                        + ","
                        + tensor("b", "U8", "[2]", 0, 2)
                        + "}";
        try (SafetensorsFile file = SafetensorsFile.of(file(header, 5))) {
            assertThat(file.tensors())
                    .extracting(SafetensorInfo::name)
                    .containsExactly("b", "a", "c");
            assertThat(data(file, "c")).containsExactly(3, 4);
        }
    }

    @Test
    void scalarsHaveOneElementAndEmptyTensorsNone() {
        String header =
                "{"
                        + tensor("scalar", "F32", "[]", 0, 4)
                        + ","
                        + tensor("none", "F32", "[3,0,2]", 4, 4)
                        + ","
                        + tensor("first", "I8", "[0]", 0, 0)
                        + ","
                        + tensor("after", "I8", "[1]", 4, 5)
                        + "}";
        try (SafetensorsFile file = SafetensorsFile.of(file(header, 5))) {
            SafetensorInfo scalar = Objects.requireNonNull(file.tensor("scalar"));
            SafetensorInfo none = Objects.requireNonNull(file.tensor("none"));
            assertThat(scalar.elements()).isEqualTo(1);
            assertThat(none.elements()).isZero();
            assertThat(data(file, "none")).isEmpty();
            assertThat(data(file, "scalar")).containsExactly(0, 1, 2, 3);
            assertThat(data(file, "after")).containsExactly(4);
        }
    }

    @Test
    void aFileWithoutTensorsIsAFile() {
        try (SafetensorsFile file = SafetensorsFile.of(file("{}      ", 0))) {
            assertThat(file.tensors()).isEmpty();
        }
    }

    @Test
    void metadataAndEscapedNamesAreRead() {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\",\"\":\"\\ud83d\\ude00\"},"
                        + tensor("a\\/\\u00e9\\n", "U8", "[1]", 0, 1)
                        + "} \n\t\r";
        try (SafetensorsFile file = SafetensorsFile.of(file(header, 1))) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "", "\uD83D\uDE00"));
            assertThat(file.tensor("a/é\n")).isNotNull();
        }
    }

    @Test
    void dataOfAForeignTensorIsRefused() {
        SafetensorInfo foreign = SafetensorInfo.of("x", SafetensorType.U8, List.of(1L));
        try (SafetensorsFile file = SafetensorsFile.of(file(TWO, 11))) {
            assertThatThrownBy(() -> file.data(foreign)).hasMessage("no tensor x");
        }
    }

    static Stream<Arguments> hostile() {
        String a = tensor("a", "U8", "[4]", 0, 4);
        return Stream.of(
                Arguments.of(
                        "a dtype of another format", of("a", "Q4_0", "[4]", 0, 4), "dtype Q4_0"),
                Arguments.of("a dtype in lower case", of("a", "u8", "[4]", 0, 4), "dtype u8"),
                Arguments.of(
                        "too few bytes", of("a", "U8", "[4]", 0, 3), "expected the 4 of U8 [4]"),
                Arguments.of(
                        "too many bytes", of("a", "U8", "[3]", 0, 4), "expected the 3 of U8 [3]"),
                Arguments.of("end before begin", of("a", "U8", "[4]", 4, 0), "found [4, 0]"),
                Arguments.of("negative begin", of("a", "U8", "[4]", -4, 0), "number -4"),
                Arguments.of("beyond the file", of("a", "U8", "[5]", 0, 5), "within the 4"),
                Arguments.of(
                        "far away", of("a", "U8", "[4]", 1L << 62, (1L << 62) + 4), "begin at 0"),
                Arguments.of(
                        "beyond 63 bits",
                        raw("\"U8\"", "[4]", "[18446744073709551612,18446744073709551616]"),
                        "integer of 64 bits"),
                Arguments.of(
                        "a range of more than 63 bits",
                        raw("\"U8\"", "[4]", "[0,9223372036854775807]"),
                        "expected the 4"),
                Arguments.of("a gap in front", of("a", "U8", "[3]", 1, 4), "begin at 0"),
                Arguments.of(
                        "nothing for the last byte", of("a", "U8", "[3]", 0, 3), "found 4 bytes"),
                Arguments.of("nothing for any byte", "{}", "found 4 bytes of data"),
                Arguments.of(
                        "a gap",
                        two(tensor("a", "U8", "[1]", 0, 1), tensor("b", "U8", "[2]", 2, 4)),
                        "begin at 1"),
                Arguments.of(
                        "an overlap",
                        two(tensor("a", "U8", "[3]", 0, 3), tensor("b", "U8", "[2]", 2, 4)),
                        "begin at 3"),
                Arguments.of(
                        "the same bytes", two(a, tensor("b", "U8", "[4]", 0, 4)), "begin at 4"),
                Arguments.of(
                        "the same name", two(a, tensor("a", "U8", "[0]", 4, 4)), "second time"),
                Arguments.of(
                        "the same name, escaped",
                        two(a, tensor("\\u0061", "U8", "[0]", 4, 4)),
                        "second time"),
                Arguments.of(
                        "an empty tensor inside another",
                        two(a, tensor("b", "U8", "[0]", 2, 2)),
                        "begin at 4"),
                Arguments.of(
                        "an empty tensor behind the end",
                        two(a, tensor("b", "U8", "[0]", 5, 5)),
                        "begin at 4"),
                Arguments.of(
                        "a product that wraps to 4",
                        of("a", "U8", "[4611686018427387905,4]", 0, 4),
                        "fewer than 2^60"),
                Arguments.of(
                        "a product that wraps to 0",
                        of("a", "U8", "[4294967296,4294967296]", 0, 0),
                        "fewer than 2^60"),
                Arguments.of(
                        "a product that overflows before its zero",
                        of("a", "U8", "[4294967296,4294967296,0]", 0, 0),
                        "fewer than 2^60"),
                Arguments.of(
                        "a product that overflows after its zero",
                        of("a", "U8", "[0,4294967296,4294967296]", 0, 0),
                        "fewer than 2^60"),
                Arguments.of(
                        "a size that overflows",
                        of("a", "F64", "[1152921504606846976]", 0, 0),
                        "fewer than 2^60"),
                Arguments.of("a negative dimension", of("a", "U8", "[-2,-2]", 0, 4), "number -2"),
                Arguments.of(
                        "too many dimensions",
                        of("a", "U8", "[" + "1,".repeat(64) + "4]", 0, 4),
                        "at most 64"),
                Arguments.of("half a byte", of("a", "F4", "[7]", 0, 4), "fill whole bytes"),
                Arguments.of("a quarter of a byte", of("a", "F6_E2M3", "[5]", 0, 4), "whole bytes"),
                Arguments.of("a fraction", of("a", "U8", "[4.0]", 0, 4), "found 4.0"),
                Arguments.of("an exponent", of("a", "U8", "[4e0]", 0, 4), "found 4e0"),
                Arguments.of("a dimension as text", of("a", "U8", "[\"4\"]", 0, 4), "an integer"),
                Arguments.of("a dimension of null", of("a", "U8", "[null]", 0, 4), "an integer"),
                Arguments.of("a shape that is no array", of("a", "U8", "4", 0, 4), "an array"),
                Arguments.of("a dtype that is no text", raw("1", "[4]", "[0,4]"), "a string"),
                Arguments.of("one offset", raw("\"U8\"", "[4]", "[4]"), "found [4]"),
                Arguments.of("three offsets", raw("\"U8\"", "[4]", "[0,4,4]"), "at most 2"),
                Arguments.of(
                        "no dtype",
                        "{\"a\":{\"shape\":[4],\"data_offsets\":[0,4]}}",
                        "without dtype"),
                Arguments.of(
                        "no shape",
                        "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,4]}}",
                        "without shape"),
                Arguments.of(
                        "no offsets",
                        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4]}}",
                        "without data_offsets"),
                Arguments.of(
                        "a member too many",
                        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"x\":1}}",
                        "the member x"),
                Arguments.of(
                        "a member twice",
                        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
                        "second time"),
                Arguments.of("a tensor of null", "{\"a\":null}", "an object"),
                Arguments.of("a tensor as array", "{\"a\":[]}", "an object"),
                Arguments.of(
                        "metadata that is no object", two("\"__metadata__\":[]", a), "an object"),
                Arguments.of("metadata of null", two("\"__metadata__\":null", a), "an object"),
                Arguments.of(
                        "metadata that is no text",
                        two("\"__metadata__\":{\"a\":1}", a),
                        "a string"),
                Arguments.of(
                        "metadata twice",
                        two("\"__metadata__\":{\"a\":\"\",\"a\":\"\"}", a),
                        "second time"),
                Arguments.of(
                        "a tensor called metadata",
                        of("__metadata__", "U8", "[4]", 0, 4),
                        "a string"),
                Arguments.of("an array", "[" + a + "]", "begin with '{'"),
                Arguments.of("white space in front", " {" + a + "}", "begin with '{'"),
                Arguments.of("something behind", "{" + a + "}x", "found 'x'"),
                Arguments.of("zeros behind", "{" + a + "}\0\0", "found the byte 0x00"),
                Arguments.of("a second header", "{" + a + "}{}", "found '{'"),
                Arguments.of("no end", "{" + a, "found the end"),
                Arguments.of("a comma too many", "{" + a + ",}", "a string"),
                Arguments.of(
                        "half a surrogate pair", of("\\ud800", "U8", "[4]", 0, 4), "surrogate"),
                Arguments.of("many brackets", "{\"a\":" + "[".repeat(100_000), "an object"),
                Arguments.of(
                        "deep metadata",
                        two("\"__metadata__\":" + "{\"a\":".repeat(100_000), a),
                        "a string"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void hostileHeadersAreRefused(String what, String header, String message) {
        refuses(what, file(header, 4), message);
    }

    static Stream<Arguments> hostileBytes() {
        byte[] header = of("a", "U8", "[4]", 0, 4).getBytes(StandardCharsets.UTF_8);
        byte[] noText = header.clone();
        noText[2] = (byte) 0xff;
        return Stream.of(
                Arguments.of("an empty file", new byte[0], "found 0 bytes"),
                Arguments.of("seven bytes", new byte[7], "found 7 bytes"),
                Arguments.of("a header of no bytes", new byte[8], "begin with '{'"),
                Arguments.of(
                        "a header longer by a byte", file(header.length + 5, header, 4), "at most"),
                Arguments.of(
                        "a header that takes data",
                        file(header.length + 1, header, 4),
                        "byte 0x00"),
                Arguments.of(
                        "a header cut off", file(header.length - 1, header, 4), "found the end"),
                Arguments.of(
                        "a header of 2^63 - 1 bytes", file(Long.MAX_VALUE, header, 4), "at most"),
                Arguments.of("a header of 2^63 bytes", file(Long.MIN_VALUE, header, 4), "at most"),
                Arguments.of(
                        "a header of 2^64 - 1 bytes",
                        file(-1, header, 4),
                        "found a header of 18446744073709551615 bytes"),
                Arguments.of("a header of 2^32 bytes", file(1L << 32, header, 4), "at most"),
                Arguments.of("no UTF-8", file(noText.length, noText, 4), "UTF-8"),
                Arguments.of("data cut off", file(header.length, header, 3), "within the 3"),
                Arguments.of("data too long", file(header.length, header, 5), "found 5 bytes"),
                Arguments.of(
                        "a GGUF file",
                        GgufBytes.header(0, 0).data(64).toByteArray(),
                        "no safetensors file"),
                Arguments.of(
                        "a zip archive",
                        "PK\3\4\24\0\0\0\10\10".getBytes(StandardCharsets.US_ASCII),
                        "no safetensors file"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileBytes")
    void hostileFilesAreRefused(String what, byte[] bytes, String message) {
        refuses(what, bytes, message);
    }

    @Test
    void headersBeyondTheBoundAreRefusedWithoutBeingRead() throws IOException {
        Path path = folder.resolve("long.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.write(file(100_000_001, "{}".getBytes(StandardCharsets.US_ASCII), 0));
            sparse.setLength(100_000_009L);
        }
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(
                        "found a header of 100000001 bytes, expected at most 100000000");
    }

    @Test
    void foldersAndMissingFilesAreNamed() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("found the folder")
                .hasMessageContaining("model.safetensors.index.json");
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void randomDamageEitherLeavesAFileOrIsRefused() {
        byte[] whole = file("{\"__metadata__\":{\"k\":\"é\"}," + TWO.substring(1) + "   ", 11);
        Random random = new Random(11);
        int opened = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = damaged(whole, random);
            try (SafetensorsFile file = SafetensorsFile.of(bytes)) {
                long sum = 0;
                for (SafetensorInfo tensor : file.tensors()) {
                    sum += file.data(tensor).byteSize();
                }
                assertThat(sum).as("round %d", round).isLessThan(bytes.length);
                opened++;
            } catch (FormatException e) {
                assertThat(e).as("round %d", round).hasMessageContaining("expected");
                refused++;
            }
        }
        assertThat(opened).isGreaterThan(500);
        assertThat(refused).isGreaterThan(5000);
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        String likely = "{}[]\",:\\0123456789-.eEuU x\0";
        for (int i = 0; i <= random.nextInt(3); i++) {
            int place = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[place] = (byte) random.nextInt(256);
                case 1 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[place] = (byte) likely.charAt(random.nextInt(likely.length()));
                default -> {
                    if (random.nextInt(4) == 0) {
                        bytes = Arrays.copyOf(bytes, Math.max(1, place));
                    }
                }
            }
        }
        return bytes;
    }

    private static void refuses(String what, byte[] bytes, String message) {
        assertThatThrownBy(() -> SafetensorsFile.of(bytes).close())
                .as(what)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("expected");
    }

    private static String of(String name, String type, String shape, long begin, long end) {
        return "{" + tensor(name, type, shape, begin, end) + "}";
    }

    private static String raw(String type, String shape, String offsets) {
        return "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(type, shape, offsets);
    }

    private static String two(String first, String second) {
        return "{" + first + "," + second + "}";
    }

    private static byte[] data(SafetensorsFile file, String name) {
        return file.data(Objects.requireNonNull(file.tensor(name))).toArray(ValueLayout.JAVA_BYTE);
    }
}
