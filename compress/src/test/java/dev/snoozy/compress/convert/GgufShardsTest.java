package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.ValueType;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class GgufShardsTest {
    private static final long MOST = 50_000;

    @TempDir private Path folder;

    @Test
    void shardsAreOneModelAndJoinedTheyAreTheFile() throws IOException {
        Path whole = TinyModel.llama().writeTo(folder.resolve("whole.gguf"));
        List<Path> shards = GgufShards.split(whole, folder.resolve("part"), MOST);
        assertThat(shards).hasSizeGreaterThan(2);
        assertThat(shards.getFirst().getFileName().toString())
                .isEqualTo("part-00001-of-%05d.gguf".formatted(shards.size()));
        try (GgufFile file = GgufFile.open(shards.getFirst());
                GgufFile before = GgufFile.open(whole)) {
            assertThat(file.shards()).isEqualTo(shards.size());
            assertThat(List.copyOf(file.tensors())).isEqualTo(List.copyOf(before.tensors()));
            assertThat(file.metadata().values())
                    .containsEntry("split.no", new MetadataValue(ValueType.UINT16, 0))
                    .containsEntry(
                            "split.count", new MetadataValue(ValueType.UINT16, shards.size()))
                    .containsEntry(
                            "split.tensors.count",
                            new MetadataValue(ValueType.INT32, before.tensors().size()));
        }
        Path joined = folder.resolve("joined.gguf");
        GgufShards.join(shards.getFirst(), joined);
        assertThat(Files.mismatch(joined, whole)).isEqualTo(-1);
    }

    @Test
    void aShardHoldsNoMoreThanAskedForUnlessOneTensorDoes() throws IOException {
        Path whole = TinyModel.llama().writeTo(folder.resolve("whole.gguf"));
        List<Path> shards = GgufShards.split(whole, folder.resolve("part"), 1);
        try (GgufFile before = GgufFile.open(whole)) {
            assertThat(shards).hasSameSizeAs(before.tensors());
        }
        for (Path shard : GgufShards.split(whole, folder.resolve("other"), MOST)) {
            assertThat(Files.size(shard)).isLessThan(MOST + 20_000); // the head of the first
        }
    }

    @Test
    void aFileThatIsNoShardIsNotJoined() throws IOException {
        Path whole = TinyModel.llama().writeTo(folder.resolve("whole.gguf"));
        assertThatThrownBy(() -> GgufShards.join(whole, folder.resolve("x.gguf")))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("first of several shards");
        List<Path> shards = GgufShards.split(whole, folder.resolve("part"), MOST);
        assertThatThrownBy(() -> GgufShards.join(shards.get(1), folder.resolve("x.gguf")))
                .hasMessageContaining("open the first");
    }

    @Test
    void tensorsOfOneFileAreInItsOrder() throws IOException {
        Path whole = TinyModel.llama().writeTo(folder.resolve("whole.gguf"));
        List<Path> shards = GgufShards.split(whole, folder.resolve("part"), Long.MAX_VALUE);
        assertThat(shards).hasSize(1);
        try (GgufFile one = GgufFile.open(shards.getFirst());
                GgufFile before = GgufFile.open(whole)) {
            List<TensorInfo> expected = List.copyOf(before.tensors());
            assertThat(List.copyOf(one.tensors())).isEqualTo(expected);
        }
    }
}
