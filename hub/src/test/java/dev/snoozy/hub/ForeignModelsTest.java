package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.hub.elsewhere.ForeignModels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Models where other programs keep them, as their folders look. */
class ForeignModelsTest {
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final String BYTES = "GGUF and so on";

    @TempDir private Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private Environment environment(Map<String, String> variables) {
        return new Environment(variables, home(), folder.resolve("root"), "Linux");
    }

    private Listing look(Place place) {
        return ForeignModels.of(place, environment(Map.of()));
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path gguf(String path) throws IOException {
        return write(home().resolve(path), BYTES);
    }

    private static List<String> names(Listing listing) {
        return listing.models().stream().map(StoredModel::name).toList();
    }

    private static String reason(Listing listing) {
        assertThat(listing.models()).isEmpty();
        assertThat(listing.skipped()).hasSize(1);
        return listing.skipped().getFirst().reason();
    }

    private static String manifest(String digest, long size) {
        return """
        {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
         "config": {"digest": "sha256:00", "size": 1},
         "layers": [
          {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:11", "size": 5},
          {"mediaType": "application/vnd.ollama.image.model", "digest": "%s", "size": %d}]}
        """
                .formatted(digest, size);
    }

    private Path ollama() {
        return home().resolve(".ollama").resolve("models");
    }

    private void manifest(String path, String text) throws IOException {
        write(ollama().resolve("manifests").resolve(path), text);
    }

    @Test
    void modelsOfOllamaHaveTheNamesThatTheyHaveThere() throws IOException {
        Path blob = write(ollama().resolve("blobs").resolve("sha256-" + HEX), BYTES);
        String text = manifest("sha256:" + HEX, BYTES.length());
        manifest("registry.ollama.ai/library/llama3.2/3b", text);
        manifest("registry.ollama.ai/library/llama3.2/latest", text);
        manifest("registry.ollama.ai/me/mine/latest", text);
        manifest("hf.co/user/repo-GGUF/Q4_K_M", text);
        Listing listing = look(Place.OLLAMA);
        assertThat(names(listing))
                .containsExactly(
                        "hf.co/user/repo-GGUF:Q4_K_M",
                        "llama3.2:3b",
                        "llama3.2:latest",
                        "me/mine:latest");
        assertThat(listing.skipped()).isEmpty();
        StoredModel model = listing.models().get(1);
        assertThat(model.files()).containsExactly(new StoredFile(blob, BYTES.length(), HEX));
        assertThat(model.origin()).isEqualTo(new Origin("ollama", "llama3.2:3b", "sha256:" + HEX));
        assertThat(listing.find("llama3.2").orElseThrow().name()).isEqualTo("llama3.2:latest");
    }

    @Test
    void modelsOfTheServiceAndOfASetFolderAreFound() throws IOException {
        Path service = folder.resolve("root/usr/share/ollama/.ollama/models");
        write(service.resolve("blobs/sha256-" + HEX), BYTES);
        write(
                service.resolve("manifests/registry.ollama.ai/library/a/b"),
                manifest("sha256:" + HEX, BYTES.length()));
        assertThat(names(look(Place.OLLAMA))).containsExactly("a:b");
        Environment set = environment(Map.of("OLLAMA_MODELS", service.toString()));
        assertThat(names(ForeignModels.of(Place.OLLAMA, set))).containsExactly("a:b");
        Environment elsewhere = environment(Map.of("OLLAMA_MODELS", folder + "/none"));
        assertThat(ForeignModels.of(Place.OLLAMA, elsewhere).models()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:../../../etc/passwd",
                "sha256:0123",
                "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "../0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde/",
                ""
            })
    void aDigestThatIsNoneNamesNoFile(String digest) throws IOException {
        manifest("registry.ollama.ai/library/a/b", manifest(digest, 3));
        assertThat(reason(look(Place.OLLAMA))).contains("a digest that is none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "no json | cannot be read",
                "{\"layers\": 5} | no GGUF file",
                "[] | no GGUF file",
                "{\"layers\": [{\"mediaType\": 7}]} | no GGUF file"
            })
    void aBrokenManifestIsSkippedWithAReason(String text, String expected) throws IOException {
        manifest("registry.ollama.ai/library/a/b", text);
        assertThat(reason(look(Place.OLLAMA))).contains("a:b", expected);
    }

    @Test
    void aManifestThatIsHugeOrInTheWrongPlaceIsSkipped() throws IOException {
        manifest("registry.ollama.ai/library/a/b", " ".repeat(2 << 20));
        assertThat(reason(look(Place.OLLAMA))).contains("larger than");
        Files.delete(ollama().resolve("manifests/registry.ollama.ai/library/a/b"));
        manifest("registry.ollama.ai/b", "{}");
        assertThat(reason(look(Place.OLLAMA))).contains("host, namespace and model");
    }

    @Test
    void aBlobThatIsMissingShortOrNoneIsSkipped() throws IOException {
        manifest("registry.ollama.ai/library/a/b", manifest("sha256:" + HEX, 7));
        assertThat(reason(look(Place.OLLAMA))).contains("blob is missing");
        Path blob = write(ollama().resolve("blobs/sha256-" + HEX), BYTES);
        assertThat(reason(look(Place.OLLAMA))).contains("expected 7 bytes, found 14");
        Files.writeString(blob, "no model");
        assertThat(reason(look(Place.OLLAMA))).contains("not a GGUF file");
        Path secret = write(folder.resolve("secret"), BYTES);
        Files.delete(blob);
        Files.createSymbolicLink(blob, secret);
        assertThat(reason(look(Place.OLLAMA))).contains("out of the folder");
    }

    @Test
    void anAdapterOnTopOfAModelIsNotDroppedSilently() throws IOException {
        write(ollama().resolve("blobs/sha256-" + HEX), BYTES);
        manifest(
                "registry.ollama.ai/library/a/b",
                manifest("sha256:" + HEX, BYTES.length())
                        .replace("image.template", "image.adapter"));
        assertThat(reason(look(Place.OLLAMA))).contains("adapter");
    }

    @Test
    void modelsOfLmStudioAreThoseOfPublishersAndRepositories() throws IOException {
        gguf(".lmstudio/models/pub/repo-GGUF/x-Q4_K_M.gguf");
        gguf(".lmstudio/models/pub/repo-GGUF/x-Q8_0.gguf");
        gguf(".lmstudio/models/pub/repo-GGUF/mmproj-x-F16.gguf");
        gguf(".cache/lm-studio/models/old/repo/y.gguf");
        assertThat(names(look(Place.LM_STUDIO)))
                .containsExactly("pub/repo-GGUF:Q4_K_M", "pub/repo-GGUF:Q8_0", "old/repo");
    }

    @Test
    void modelsOfGpt4AllAreThoseOfItsFilesButUnfinishedOnes() throws IOException {
        gguf(".local/share/nomic.ai/GPT4All/Meta-Llama-3-8B-Instruct.Q4_0.gguf");
        gguf(".local/share/nomic.ai/GPT4All/incomplete-other.gguf");
        gguf(".cache/gpt4all/orca-mini.gguf");
        Listing listing = look(Place.GPT4ALL);
        assertThat(names(listing)).containsExactly("Meta-Llama-3-8B-Instruct.Q4_0", "orca-mini");
        assertThat(listing.skipped().getFirst().reason()).contains("not finished");
        assertThat(listing.find("meta-llama-3-8b-instruct.q4_0")).isPresent();
    }

    @Test
    void modelsOfTheHuggingFaceCacheAreLinksToBlobs() throws IOException {
        Path repository = home().resolve(".cache/huggingface/hub/models--org--some--repo-GGUF");
        String main = "a".repeat(40);
        write(repository.resolve("refs/main"), main);
        Path blob = write(repository.resolve("blobs/" + HEX), BYTES);
        for (String commit : List.of(main, "b".repeat(40))) {
            Path snapshot = repository.resolve("snapshots").resolve(commit);
            Files.createDirectories(snapshot.resolve("sub"));
            Files.createSymbolicLink(snapshot.resolve("x-Q4_0.gguf"), snapshot.relativize(blob));
        }
        Files.createSymbolicLink(
                repository.resolve("snapshots").resolve(main).resolve("sub/x-Q8_0.gguf"),
                Path.of("../../../blobs/" + HEX));
        Listing listing = look(Place.HUGGING_FACE);
        assertThat(names(listing))
                .containsExactly("org/some--repo-GGUF:Q4_0", "org/some--repo-GGUF:Q8_0");
        assertThat(listing.models().getFirst().file().toString()).contains(main);
        assertThat(listing.skipped()).isEmpty();
    }

    @Test
    void linksOfTheCacheThatLeadNowhereOrOutAreSkipped() throws IOException {
        Path repository = home().resolve(".cache/huggingface/hub/models--org--repo");
        Path snapshot = repository.resolve("snapshots/c");
        Files.createDirectories(snapshot);
        Path link = snapshot.resolve("x.gguf");
        Files.createSymbolicLink(link, Path.of("../../blobs/none"));
        assertThat(reason(look(Place.HUGGING_FACE))).contains("leads nowhere");
        Files.delete(link);
        Files.createSymbolicLink(link, write(folder.resolve("secret"), BYTES));
        assertThat(reason(look(Place.HUGGING_FACE))).contains("out of the folder");
    }

    @ParameterizedTest
    @CsvSource({"HF_HUB_CACHE, ''", "HUGGINGFACE_HUB_CACHE, ''", "HF_HOME, hub/"})
    void theCacheIsWhereItsVariableSays(String variable, String below) throws IOException {
        Path cache = folder.resolve("cache");
        write(cache.resolve(below + "models--a--b/snapshots/c/x.gguf"), BYTES);
        Environment set = environment(Map.of(variable, cache.toString()));
        assertThat(names(ForeignModels.of(Place.HUGGING_FACE, set))).containsExactly("a/b");
    }

    @Test
    void modelsOfLlamaCppAreThoseOfItsCache() throws IOException {
        gguf(".cache/llama.cpp/ggml-org_gemma-3-1b-it-GGUF_gemma-3-1b-it-Q4_K_M.gguf");
        write(home().resolve(".cache/llama.cpp/manifest=ggml-org=gemma.json"), "{}");
        write(home().resolve(".cache/llama.cpp/other.gguf.downloadInProgress"), "x");
        assertThat(names(look(Place.LLAMA_CPP)))
                .containsExactly("ggml-org_gemma-3-1b-it-GGUF_gemma-3-1b-it-Q4_K_M");
        write(folder.resolve("set/a.gguf"), BYTES);
        Environment set = environment(Map.of("LLAMA_CACHE", folder.resolve("set").toString()));
        assertThat(names(ForeignModels.of(Place.LLAMA_CPP, set))).containsExactly("a");
    }

    @Test
    void modelsOfJanAreThoseOfItsFolders() throws IOException {
        gguf(".local/share/Jan/data/llamacpp/models/pub/name/model.gguf");
        gguf("jan/models/older/model.gguf");
        assertThat(names(look(Place.JAN))).containsExactly("pub/name", "older");
    }

    @Test
    void whatIsNoModelIsSkippedWithAReason() throws IOException {
        write(home().resolve(".lmstudio/models/a/b/x.gguf"), "<html>");
        assertThat(reason(look(Place.LM_STUDIO))).contains("not a GGUF file");
        Path outside = folder.resolve("outside");
        write(outside.resolve("y.gguf"), BYTES);
        Files.createSymbolicLink(home().resolve(".lmstudio/models/link"), outside);
        assertThat(look(Place.LM_STUDIO).skipped())
                .anySatisfy(s -> assertThat(s.reason()).contains("link to another folder"));
        assertThat(look(Place.LM_STUDIO).models()).isEmpty();
    }
}
