package dev.snoozy.format;

import static dev.snoozy.format.SafetensorsBytes.file;
import static dev.snoozy.format.SafetensorsBytes.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

class SafetensorsIndexTest {
    private static final String ONE = "model-00001-of-00002.safetensors";
    private static final String TWO = "model-00002-of-00002.safetensors";

    @TempDir Path outside;
    private Path folder = Path.of("");

    @BeforeEach
    void writeShards() throws IOException {
        folder = Files.createDirectory(outside.resolve("model"));
        String metadata = "\"__metadata__\":{\"format\":\"pt\"},";
        String first = tensor("a", "U8", "[2]", 0, 2) + "," + tensor("b", "U8", "[1]", 2, 3);
        Files.write(folder.resolve(ONE), file("{" + metadata + first + "}", 3));
        Files.write(folder.resolve(TWO), file("{" + tensor("c", "U8", "[4]", 0, 4) + "}", 4));
        Files.copy(folder.resolve(TWO), outside.resolve(TWO));
    }

    @Test
    void opensAllFilesThatTheIndexNames() throws IOException {
        Path index = index("\"b\":\"%1$s\",\"c\":\"%2$s\",\"a\":\"%1$s\"".formatted(ONE, TWO));
        try (SafetensorsFile file = SafetensorsFile.open(index)) {
            assertThat(file.shards()).isEqualTo(2);
            assertThat(file.metadata()).containsEntry("format", "pt");
            assertThat(file.tensors())
                    .extracting(SafetensorInfo::name)
                    .containsExactly("a", "b", "c");
            SafetensorInfo c = Objects.requireNonNull(file.tensor("c"));
            assertThat(file.data(c).toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void aShardCanBeOpenedByItself() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(TWO))) {
            assertThat(file.tensors()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../" + TWO,
                "..\\\\" + TWO,
                "./" + TWO,
                "sub/" + TWO,
                "/" + TWO,
                "C:" + TWO,
                "",
                ".",
                "..",
                "model.bin",
                "a\\u0000.safetensors",
                TWO + "/"
            })
    void namesThatMayLeaveTheFolderAreRefused(String name) throws IOException {
        Path index = index("\"c\":\"" + name + "\"");
        refuses(index, "in the same folder");
    }

    @Test
    void absolutePathsAreRefusedThoughTheFileIsThere() throws IOException {
        String path = outside.resolve(TWO).toString().replace("\\", "\\\\");
        refuses(index("\"c\":\"" + path + "\""), "in the same folder");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve(TWO));
        refuses(whole(), "found no " + TWO);
    }

    @Test
    void aFolderInsteadOfAShardIsRefused() throws IOException {
        Files.delete(folder.resolve(TWO));
        Files.createDirectory(folder.resolve(TWO));
        refuses(whole(), "found the folder");
    }

    @Test
    void aBrokenShardIsRefusedByItsName() throws IOException {
        Files.write(folder.resolve(TWO), new byte[3]);
        refuses(whole(), TWO + ": found 3 bytes");
    }

    @Test
    void aTensorMissingInItsShardIsNamed() throws IOException {
        Path index =
                index(
                        "\"a\":\"%1$s\",\"b\":\"%1$s\",\"c\":\"%2$s\",\"d\":\"%2$s\""
                                .formatted(ONE, TWO));
        refuses(index, TWO + ": expected the tensor d");
    }

    @Test
    void aTensorInAnotherShardThanListedIsRefused() throws IOException {
        Path index = index("\"a\":\"%1$s\",\"b\":\"%2$s\",\"c\":\"%2$s\"".formatted(ONE, TWO));
        refuses(index, ONE + ": found the tensor b");
    }

    @Test
    void aTensorThatIsNotListedIsRefused() throws IOException {
        refuses(index("\"a\":\"%1$s\",\"c\":\"%2$s\"".formatted(ONE, TWO)), "the tensor b");
    }

    @Test
    void aTensorListedTwiceIsRefused() throws IOException {
        Path index = index("\"a\":\"%1$s\",\"b\":\"%1$s\",\"a\":\"%2$s\"".formatted(ONE, TWO));
        refuses(index, "second time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"weight_map\":{}}",
                "{\"weight_map\":[]}",
                "{\"weight_map\":null}",
                "{\"weight_map\":{\"a\":1}}",
                "{\"weight_map\":{\"a\":\"a.safetensors\"}}x",
                "{\"weight_map\":{\"a\":\"a.safetensors\"},\"weight_map\":{}}",
                "{\"metadata\":{\"total_size\":1,\"total_size\":1}}",
                "{\"weight_map\":"
            })
    void brokenIndicesAreRefused(String text) throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, text);
        refuses(index, "expected");
    }

    @Test
    void aMissingIndexIsAMissingFile() {
        assertThatThrownBy(
                        () -> SafetensorsFile.open(folder.resolve("model.safetensors.index.json")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private Path whole() throws IOException {
        return index("\"a\":\"%1$s\",\"b\":\"%1$s\",\"c\":\"%2$s\"".formatted(ONE, TWO));
    }

    private Path index(String weightMap) throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(
                index, "{\"metadata\":{\"total_size\":7.5},\"weight_map\":{" + weightMap + "}}\n");
        return index;
    }

    private static void refuses(Path index, String message) {
        assertThatThrownBy(() -> SafetensorsFile.open(index))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("expected");
    }
}
