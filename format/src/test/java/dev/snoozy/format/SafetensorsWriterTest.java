package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

class SafetensorsWriterTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "BOOL,1",
        "U8,1",
        "I8,1",
        "F8_E5M2,1",
        "F8_E4M3,1",
        "F8_E8M0,1",
        "F8_E4M3FNUZ,1",
        "F8_E5M2FNUZ,1",
        "I16,2",
        "U16,2",
        "F16,2",
        "BF16,2",
        "I32,4",
        "U32,4",
        "F32,4",
        "C64,8",
        "F64,8",
        "I64,8",
        "U64,8"
    })
    void typesHaveTheSizeOfTheFormat(SafetensorType type, int bytes) {
        assertThat(type.bytes(3)).isEqualTo(3L * bytes);
        assertThat(SafetensorType.byName(type.name())).contains(type);
    }

    @Test
    void typesOfLessThanAByteFillWholeBytes() {
        assertThat(SafetensorType.F4.bytes(6)).isEqualTo(3);
        assertThat(SafetensorType.F6_E2M3.bytes(8)).isEqualTo(6);
        assertThat(SafetensorType.F6_E3M2.bytes(4)).isEqualTo(3);
        assertThatThrownBy(() -> SafetensorType.F4.bytes(5)).hasMessageContaining("whole bytes");
        assertThatThrownBy(() -> SafetensorType.F6_E3M2.bytes(6))
                .hasMessageContaining("whole bytes");
        assertThat(SafetensorType.byName("F128")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SafetensorType.class)
    void tensorsOfEveryTypeComeBackAsTheyWere(SafetensorType type) throws IOException {
        Random random = new Random(type.name().hashCode());
        List<SafetensorInfo> tensors =
                List.of(
                        SafetensorInfo.of("matrix", type, List.of(3L, 8L)),
                        SafetensorInfo.of("none", type, List.of(0L, 5L)),
                        SafetensorInfo.of("row", type, List.of(4L)));
        Map<String, byte[]> data = random(tensors, random);
        Path path = folder.resolve(type + ".safetensors");
        SafetensorsWriter.write(path, Map.of("type", type.name()), tensors, t -> segment(data, t));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).isEqualTo(Map.of("type", type.name()));
            check(file, tensors, data);
        }
    }

    @Test
    void randomFilesComeBackAsTheyWere() {
        Random random = new Random(5);
        SafetensorType[] types = SafetensorType.values();
        for (int round = 0; round < 100; round++) {
            List<SafetensorInfo> tensors = new ArrayList<>();
            for (int i = 0; i < random.nextInt(8); i++) {
                SafetensorType type = types[random.nextInt(types.length)];
                List<Long> shape = new ArrayList<>();
                if (type.bits() < 8) {
                    shape.add(8L);
                }
                for (int d = 0; d < random.nextInt(4); d++) {
                    shape.add((long) random.nextInt(5));
                }
                tensors.add(SafetensorInfo.of("té\"n\\s\uD83D\uDE00." + i, type, shape));
            }
            Map<String, byte[]> data = random(tensors, random);
            byte[] bytes = SafetensorsWriter.bytes(Map.of(), tensors, t -> segment(data, t));
            try (SafetensorsFile file = SafetensorsFile.of(bytes)) {
                check(file, tensors, data);
            }
        }
    }

    @Test
    void theHeaderIsPaddedWithSpacesSoThatDataIsAligned() {
        for (int length = 1; length <= 8; length++) {
            SafetensorInfo tensor =
                    SafetensorInfo.of("n".repeat(length), SafetensorType.U8, List.of(1L));
            byte[] bytes =
                    SafetensorsWriter.bytes(
                            Map.of(), List.of(tensor), t -> MemorySegment.ofArray(new byte[] {7}));
            long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            String text = new String(bytes, 8, (int) header, StandardCharsets.UTF_8);
            assertThat(header % 8).isZero();
            assertThat(text.strip())
                    .isEqualTo(
                            "{"
                                    + SafetensorsBytes.tensor("n".repeat(length), "U8", "[1]", 0, 1)
                                    + "}");
            assertThat(text.length() - text.stripTrailing().length()).isLessThan(8);
            assertThat(bytes[bytes.length - 1]).isEqualTo((byte) 7);
            assertThat(bytes).hasSize(8 + (int) header + 1);
        }
    }

    @Test
    void metadataKeepsItsOrderInFrontOfTheTensors() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "1");
        metadata.put("a", "\n");
        byte[] bytes = SafetensorsWriter.bytes(metadata, List.of(), t -> MemorySegment.NULL);
        assertThat(new String(bytes, 8, bytes.length - 8, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"z\":\"1\",\"a\":\"\\n\"}}");
    }

    @Test
    void dataIsAskedForOnceInTheGivenOrder() {
        List<SafetensorInfo> tensors =
                Stream.of("c", "a", "b")
                        .map(n -> SafetensorInfo.of(n, SafetensorType.I16, List.of(2L)))
                        .toList();
        List<String> asked = new ArrayList<>();
        SafetensorsWriter.bytes(
                Map.of(),
                tensors,
                t -> {
                    asked.add(t.name());
                    return MemorySegment.ofArray(new byte[4]);
                });
        assertThat(asked).containsExactly("c", "a", "b");
    }

    @Test
    void anOlderFileStaysWhenTheSourceFails() throws IOException {
        Path target = folder.resolve("model.safetensors");
        Files.writeString(target, "older");
        List<SafetensorInfo> tensors =
                List.of(SafetensorInfo.of("t", SafetensorType.F32, List.of(4L)));
        assertThatThrownBy(() ->
                        SafetensorsWriter.write(
                                target,
                                Map.of(),
                                tensors,
                                t -> {
                                    throw new IOException("disk gone");
                                }))
                .hasMessage("disk gone");
        assertThat(Files.readString(target)).isEqualTo("older");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void wrongSizesAndNamesAreRefused() {
        SafetensorInfo tensor = SafetensorInfo.of("t", SafetensorType.F32, List.of(4L));
        MemorySegment twelve = MemorySegment.ofArray(new byte[12]);
        refuses(List.of(tensor), twelve, "tensor t: expected 16 bytes to write, found 12");
        refuses(
                List.of(new SafetensorInfo("t", SafetensorType.F32, List.of(4L), 0, 12)),
                twelve,
                "tensor t: found 12 bytes, expected the 16 of F32 [4]");
        refuses(List.of(tensor, tensor), MemorySegment.ofArray(new byte[16]), "second tensor t");
        for (String name : new String[] {"__metadata__", "a\uD83D"}) {
            refuses(
                    List.of(SafetensorInfo.of(name, SafetensorType.U8, List.of(12L))),
                    twelve,
                    "expected");
        }
    }

    @Test
    void impossibleShapesAreRefused() {
        for (List<Long> shape : List.of(List.of(-1L), List.of(1L << 32, 1L << 32), List.of(3L))) {
            assertThatThrownBy(() -> SafetensorInfo.of("t", SafetensorType.F4, shape))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("expected");
        }
    }

    private static void refuses(List<SafetensorInfo> tensors, MemorySegment data, String message) {
        assertThatThrownBy(() -> SafetensorsWriter.bytes(Map.of(), tensors, t -> data))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    private static void check(
            SafetensorsFile file, List<SafetensorInfo> tensors, Map<String, byte[]> data) {
        assertThat(file.tensors()).hasSize(tensors.size());
        for (SafetensorInfo written : tensors) {
            SafetensorInfo read = Objects.requireNonNull(file.tensor(written.name()));
            assertThat(read.type()).isEqualTo(written.type());
            assertThat(read.shape()).isEqualTo(written.shape());
            assertThat(file.data(read).toArray(ValueLayout.JAVA_BYTE))
                    .as(written.toString())
                    .isEqualTo(data.get(written.name()));
        }
    }

    private static Map<String, byte[]> random(List<SafetensorInfo> tensors, Random random) {
        Map<String, byte[]> data = new LinkedHashMap<>();
        for (SafetensorInfo tensor : tensors) {
            byte[] bytes = new byte[(int) tensor.bytes()];
            random.nextBytes(bytes);
            data.put(tensor.name(), bytes);
        }
        return data;
    }

    private static MemorySegment segment(Map<String, byte[]> data, SafetensorInfo tensor) {
        return MemorySegment.ofArray(data.getOrDefault(tensor.name(), new byte[0]));
    }
}
