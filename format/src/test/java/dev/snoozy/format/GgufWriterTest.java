package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class GgufWriterTest {
    @TempDir Path folder;

    @Test
    void metadataOfEveryTypeComesBackAsItWas() {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Metadata written = everyType();
            byte[] bytes = GgufWriter.bytes(written, List.of(), t -> floats(), order);
            try (GgufFile file = GgufFile.of(bytes)) {
                Metadata read = file.metadata();
                assertThat(read.keys()).containsExactlyElementsOf(written.keys());
                for (String key : written.keys()) {
                    MetadataValue expected = written.values().get(key);
                    MetadataValue found = read.values().get(key);
                    assertThat(found).usingRecursiveComparison().as(key).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void randomFilesComeBackAsTheyWere() {
        Random random = new Random(7);
        TensorType[] types = TensorType.values();
        for (int round = 0; round < 50; round++) {
            List<TensorInfo> tensors = new ArrayList<>();
            Map<String, byte[]> data = new LinkedHashMap<>();
            for (int i = 0; i < random.nextInt(6); i++) {
                TensorType type = types[random.nextInt(types.length)];
                List<Long> shape = new ArrayList<>();
                shape.add((long) type.blockSize() * random.nextInt(4));
                for (int d = 1; d < 1 + random.nextInt(4); d++) {
                    shape.add((long) random.nextInt(4));
                }
                TensorInfo tensor = TensorInfo.of("tensor." + i, type, shape);
                byte[] bytes = new byte[(int) tensor.bytes()];
                random.nextBytes(bytes);
                tensors.add(tensor);
                data.put(tensor.name(), bytes);
            }
            ByteOrder order = round % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            byte[] written = GgufWriter.bytes(everyType(), tensors, t -> segment(data, t), order);
            assertThat(GgufWriter.size(everyType(), tensors)).isEqualTo(written.length);
            try (GgufFile file = GgufFile.of(written)) {
                assertThat(file.tensors()).containsExactlyElementsOf(tensors);
                for (TensorInfo tensor : file.tensors()) {
                    assertThat(file.data(tensor).toArray(ValueLayout.JAVA_BYTE))
                            .as("round %d, %s", round, tensor)
                            .isEqualTo(data.get(tensor.name()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void bigEndianBlocksDifferInTheirNumbersOnly(TensorType type) {
        byte[] block = new byte[type.bytesPerBlock()];
        new Random(type.id()).nextBytes(block);
        TensorInfo tensor = TensorInfo.of("t", type, List.of((long) type.blockSize()));
        byte[] little =
                GgufWriter.bytes(
                        new Metadata(Map.of()), List.of(tensor), t -> MemorySegment.ofArray(block));
        byte[] big =
                GgufWriter.bytes(
                        new Metadata(Map.of()),
                        List.of(tensor),
                        t -> MemorySegment.ofArray(block),
                        ByteOrder.BIG_ENDIAN);
        byte[] ofLittle = tail(little, block.length);
        byte[] ofBig = tail(big, block.length);
        ofLittle = sorted(ofLittle);
        ofBig = sorted(ofBig);
        assertThat(ofBig).as("the same bytes, in another order").isEqualTo(ofLittle);
    }

    @Test
    void leavesNothingBehindWhenTheSourceFails() throws IOException {
        Path target = folder.resolve("model.gguf");
        Files.writeString(target, "older");
        List<TensorInfo> tensors = List.of(TensorInfo.of("t", TensorType.F32, List.of(4L)));
        assertThatThrownBy(() ->
                        GgufWriter.write(
                                target,
                                everyType(),
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
    void replacesAnOlderFileAsAWhole() throws IOException {
        Path target = folder.resolve("model.gguf");
        Files.writeString(target, "older");
        List<TensorInfo> tensors = List.of(TensorInfo.of("t", TensorType.F32, List.of(3L)));
        GgufWriter.write(target, everyType(), tensors, t -> floats(1, 2, 3));
        try (GgufFile file = GgufFile.open(target);
                Stream<Path> files = Files.list(folder)) {
            assertThat(file.tensors()).containsExactlyElementsOf(tensors);
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void refusesDataOfAnotherSize() {
        List<TensorInfo> tensors = List.of(TensorInfo.of("t", TensorType.F32, List.of(4L)));
        assertThatThrownBy(() -> GgufWriter.bytes(everyType(), tensors, t -> floats(1, 2, 3)))
                .isInstanceOf(FormatException.class)
                .hasMessage("tensor t: expected 16 bytes to write, found 12");
    }

    @Test
    void refusesNamesThatTheReaderWouldRefuse() {
        TensorInfo tensor = TensorInfo.of("a/b", TensorType.F32, List.of(1L));
        assertThatThrownBy(() -> GgufWriter.bytes(everyType(), List.of(tensor), t -> floats(1)))
                .isInstanceOf(FormatException.class);
        TensorInfo twice = TensorInfo.of("a", TensorType.F32, List.of(1L));
        assertThatThrownBy(
                        () -> GgufWriter.bytes(everyType(), List.of(twice, twice), t -> floats(1)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("twice");
    }

    /** A value and an array of every type, with the extremes of each. */
    static Metadata everyType() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("u8", new MetadataValue(ValueType.UINT8, 255));
        values.put("i8", new MetadataValue(ValueType.INT8, -128));
        values.put("u16", new MetadataValue(ValueType.UINT16, 65535));
        values.put("i16", new MetadataValue(ValueType.INT16, -32768));
        values.put("u32", new MetadataValue(ValueType.UINT32, 7));
        values.put("u32 wide", new MetadataValue(ValueType.UINT32, 4294967295L));
        values.put("i32", new MetadataValue(ValueType.INT32, Integer.MIN_VALUE));
        values.put("f32", 1.5f);
        values.put("bool", true);
        values.put("string", "Grüße, 世界 \uD83D\uDE00");
        values.put("u64", new MetadataValue(ValueType.UINT64, -1L));
        values.put("i64", new MetadataValue(ValueType.INT64, Long.MIN_VALUE));
        values.put("f64", Math.PI);
        values.put("u8s", new MetadataValue(ValueType.UINT8, new int[] {0, 128, 255}));
        values.put("i8s", new MetadataValue(ValueType.INT8, new int[] {-128, 127}));
        values.put("u16s", new MetadataValue(ValueType.UINT16, new int[] {0, 65535}));
        values.put("i16s", new MetadataValue(ValueType.INT16, new int[] {-32768, 32767}));
        values.put("u32s", new MetadataValue(ValueType.UINT32, new int[] {1, 2}));
        values.put("u32s wide", new MetadataValue(ValueType.UINT32, new long[] {1, 4294967295L}));
        values.put("i32s", new int[] {-1, 1});
        values.put("f32s", new float[] {1, Float.NEGATIVE_INFINITY});
        values.put("bools", new boolean[] {true, false});
        values.put("strings", new String[] {"", "a", "é"});
        values.put("u64s", new MetadataValue(ValueType.UINT64, new long[] {-1, 0}));
        values.put("i64s", new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
        values.put("f64s", new double[] {1e300});
        values.put("none", new String[0]);
        return new Metadata(values);
    }

    static MemorySegment floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return MemorySegment.ofArray(bytes.array());
    }

    private static MemorySegment segment(Map<String, byte[]> data, TensorInfo tensor) {
        return MemorySegment.ofArray(data.getOrDefault(tensor.name(), new byte[0]));
    }

    private static byte[] tail(byte[] file, int block) {
        int padded = (block + 31) / 32 * 32;
        int start = file.length - padded;
        return Arrays.copyOfRange(file, start, start + block);
    }

    private static byte[] sorted(byte[] bytes) {
        byte[] copy = bytes.clone();
        Arrays.sort(copy);
        return copy;
    }
}
