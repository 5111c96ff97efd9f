package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ShardsTest {
    @TempDir Path folder;

    @BeforeEach
    void writeThreeShards() throws IOException {
        for (int i = 0; i < 3; i++) {
            write(i, "t" + i, 3);
        }
    }

    @Test
    void opensAllShardsFromTheFirst() throws IOException {
        try (GgufFile file = GgufFile.open(shard(0))) {
            assertThat(file.shards()).isEqualTo(3);
            assertThat(file.tensors())
                    .extracting(TensorInfo::name)
                    .containsExactly("t0", "t1", "t2");
            assertThat(GgufFileTest.data(file, "t2").get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(2);
        }
    }

    @Test
    void namesTheFirstWhenAnotherIsOpened() {
        refuses(shard(1), "open the first, m-00001-of-00003.gguf");
    }

    @Test
    void namesTheShardThatIsMissing() throws IOException {
        Files.delete(shard(2));
        refuses(shard(0), "found no m-00003-of-00003.gguf");
    }

    @Test
    void refusesAShardThatIsAnother() throws IOException {
        Files.copy(shard(1), folder.resolve("x"));
        Files.delete(shard(2));
        Files.move(folder.resolve("x"), shard(2));
        refuses(shard(0), "expected shard 3 of 3, found shard 2 of 3");
    }

    @Test
    void refusesATensorInTwoShards() throws IOException {
        write(2, "t1", 3);
        refuses(shard(0), "t1 stands in two shards");
    }

    @Test
    void refusesAnotherNumberOfTensorsThanAnnounced() throws IOException {
        write(0, "t0", 4);
        refuses(shard(0), "expected 4 tensors in the 3 shards, found 3");
    }

    @Test
    void refusesShardsWithoutTheNamesOfShards() throws IOException {
        Path other = folder.resolve("model.gguf");
        Files.move(shard(0), other);
        refuses(other, "expected a name that ends in -00001-of-00003.gguf");
    }

    @Test
    void refusesOneShardInMemory() throws IOException {
        byte[] bytes = Files.readAllBytes(shard(0));
        assertThatThrownBy(() -> GgufFile.of(bytes))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("one of 3 shards");
    }

    private Path shard(int number) {
        return folder.resolve("m-%05d-of-00003.gguf".formatted(number + 1));
    }

    private void write(int number, String tensor, int announced) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("split.no", new MetadataValue(ValueType.UINT16, number));
        values.put("split.count", new MetadataValue(ValueType.UINT16, 3));
        values.put("split.tensors.count", new MetadataValue(ValueType.INT32, announced));
        GgufWriter.write(
                shard(number),
                new Metadata(values),
                List.of(TensorInfo.of(tensor, TensorType.F32, List.of(1L))),
                t -> GgufWriterTest.floats(number));
    }

    private static void refuses(Path path, String message) {
        assertThatThrownBy(() -> GgufFile.open(path))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }
}
