package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.hub.files.PlainModels;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All models together: which name means which, and what their headers say. */
class ModelLibraryTest {
    /** A cache of a path that no system has. */
    private static final String NUL =
            """
            {"version": 1, "files": {"\\u0000": {"bytes": 1, "modified": "2026-01-01T00:00:00Z",
              "architecture": "", "parameters": 1, "quantization": "", "context_length": 1,
              "memory": 1}}}
            """;

    @TempDir private Path folder;

    private Path home;
    private Path models;

    @BeforeEach
    void folders() {
        home = folder.resolve("home");
        models = folder.resolve("data").resolve("models");
    }

    private ModelLibrary library(Set<Place> foreign) {
        return ModelLibrary.of(
                folder.resolve("installation"),
                ModelStore.open(models),
                new Environment(Map.of(), home, folder.resolve("root"), "Linux"),
                foreign,
                file -> 1 + file.tensors().size());
    }

    private ModelLibrary library() {
        return library(EnumSet.of(Place.LM_STUDIO, Place.GPT4ALL));
    }

    private static Path tiny(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return TinyModel.llama().writeTo(file);
    }

    private List<String> names() {
        return library().listing().models().stream().map(StoredModel::name).toList();
    }

    @Test
    void everyListedNameMeansItsOwnModel() throws IOException {
        tiny(folder.resolve("installation/tiny/x-f32.gguf"));
        tiny(models.resolve("tiny.gguf"));
        tiny(models.resolve("pub/repo/file-Q4_0.gguf"));
        tiny(home.resolve(".lmstudio/models/pub/repo/file-Q4_0.gguf"));
        tiny(home.resolve(".lmstudio/models/other/repo/that-Q8_0.gguf"));
        tiny(home.resolve(".cache/gpt4all/file-Q4_0.gguf"));
        assertThat(names())
                .containsExactly(
                        "tiny",
                        "pub/repo",
                        "store:tiny",
                        "other/repo",
                        "lm-studio:pub/repo",
                        "gpt4all:file-Q4_0");
        ModelLibrary library = library();
        Listing listing = library.listing();
        for (StoredModel model : listing.models()) {
            assertThat(library.find(model.name())).as(model.name()).contains(model);
            assertThat(listing.find(model.name())).as(model.name()).contains(model);
        }
        assertThat(library.find("repo").orElseThrow().name()).isEqualTo("pub/repo");
        assertThat(library.find("repo:q8_0").orElseThrow().name()).isEqualTo("other/repo");
        assertThatThrownBy(() -> library.find("lm-studio:repo")).isInstanceOf(HubException.class);
    }

    @Test
    void programsThatAreSwitchedOffAreNotLookedInto() throws IOException {
        tiny(home.resolve(".lmstudio/models/other/repo/that-Q8_0.gguf"));
        assertThat(library(Set.of()).listing()).isEqualTo(Listing.EMPTY);
        assertThat(library(Set.of(Place.GPT4ALL)).find("other/repo")).isEmpty();
        assertThat(library().find("other/repo")).isPresent();
    }

    @Test
    void aForeignModelGetsANameOfItsOwnAndItsFileStays() throws IOException {
        Path file = tiny(home.resolve(".lmstudio/models/other/repo/that-Q8_0.gguf"));
        ModelStore store = library().store();
        StoredModel copy =
                store.copy(library().find("other/repo").orElseThrow(), ModelName.parse("me/mine"));
        assertThat(Files.isSameFile(copy.file(), file)).isTrue();
        assertThat(copy.place()).isEqualTo(Place.STORE);
        assertThat(store.remove("me/mine")).isZero();
        assertThat(file).exists();
        assertThatThrownBy(() -> store.remove("other/repo")).isInstanceOf(HubException.class);
    }

    @Test
    void aFileOfOllamaIsCalledByTheNameItGets() throws IOException {
        Path blob = tiny(folder.resolve("blobs/sha256-00"));
        StoredModel model = PlainModels.model("a:b", List.of(blob), null, Place.OLLAMA);
        StoredModel copy = library().store().copy(model, ModelName.parse("me/mine:3b"));
        assertThat(copy.file()).isEqualTo(models.resolve("me/mine/mine-3b.gguf"));
    }

    @Test
    void headersAreReadOnceAndAgainWhenAFileHasChanged() throws IOException {
        Path file = tiny(models.resolve("tiny.gguf"));
        ModelLibrary first = library();
        ModelHeader header = first.header(first.find("tiny").orElseThrow());
        assertThat(header.architecture()).isEqualTo("llama");
        assertThat(header.parameters()).isPositive();
        assertThat(header.quantization()).isEqualTo("F32");
        assertThat(header.contextLength()).isEqualTo(256);
        assertThat(header.memory()).isGreaterThan(1);
        assertThat(header.problem()).isNull();
        first.saveHeaders();
        Path cache = models.resolve(".headers.json");
        assertThat(cache).content().contains("\"llama\"");
        Files.writeString(cache, Files.readString(cache).replace("\"llama\"", "\"kept\""));
        ModelLibrary second = library();
        assertThat(second.header(second.find("tiny").orElseThrow()).architecture())
                .isEqualTo("kept");
        Files.write(file, new byte[] {'G', 'G', 'U', 'F', 9, 9, 9, 9});
        ModelLibrary third = library();
        assertThat(third.header(third.find("tiny").orElseThrow()).problem()).isNotNull();
    }

    @Test
    void aDamagedCacheIsAsGoodAsNone() throws IOException {
        tiny(models.resolve("tiny.gguf"));
        for (String text : List.of("", "[", "{\"version\":1,\"files\":{\"x\":5}}", "[1]", NUL)) {
            Files.writeString(models.resolve(".headers.json"), text);
            ModelLibrary library = library();
            assertThat(library.header(library.find("tiny").orElseThrow()).problem()).isNull();
            library.saveHeaders();
        }
    }

    @Test
    void aFileThatIsNoModelSaysSoInItsHeader() throws IOException {
        Files.createDirectories(models);
        Files.writeString(models.resolve("bad.gguf"), "Once upon a time");
        Files.write(models.resolve("empty.gguf"), new byte[0]);
        ModelLibrary library = library();
        assertThat(library.header(library.find("bad").orElseThrow()).problem()).contains("GGUF");
        assertThat(library.header(library.find("empty").orElseThrow()).problem()).isNotBlank();
    }
}
