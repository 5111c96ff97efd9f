package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.hub.files.SafeName;
import dev.snoozy.hub.remote.Reference;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** No name from outside leads out of the folder of models. */
class HostileNamesTest {
    private static final byte[] MODEL = TinyModel.llama().bytes();

    @TempDir private Path folder;

    static List<String> hostile() {
        return List.of(
                "",
                ".",
                "..",
                "../evil",
                "a/../../evil",
                "..\\evil",
                "a\\..\\..\\evil",
                "/etc/passwd",
                "//server/share",
                "\\\\server\\share",
                "C:\\evil",
                "c:/evil",
                "evil\0name",
                "evil\nname",
                "evil\u001b[31m",
                "CON",
                "con.gguf",
                "nul",
                "Aux.tar.gguf",
                "COM1",
                "lpt9.gguf",
                "name.",
                "name..gguf",
                "name ",
                " name",
                ".hidden",
                "-rf",
                "~",
                "~root",
                "$HOME",
                "%2e%2e%2fevil",
                "a%00b",
                "\u2025/evil", // two dot leader
                "\uff0e\uff0e/evil", // full-width dots
                "\u2024\u2024", // one dot leaders
                "a\u2215b", // division slash
                "a\uff0fb", // full-width slash
                "e\u0301vil", // a combining accent
                "\u202egpj.fugg", // right-to-left override
                "\ufeffname",
                "name*",
                "name?",
                "na\"me",
                "na|me",
                "na<me>",
                "a:b:c/d",
                "a/b/c:../../d",
                "x".repeat(300),
                "a/" + "x".repeat(300));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isNoNameOfAModel(String name) {
        assertThatThrownBy(() -> ModelName.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("[ -~…]*");
        assertThatThrownBy(() -> new ModelName(name, "a", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ModelName("a", name, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ModelName("a", "b", name))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isNoReferenceOfHuggingFaceOrOllama(String name) {
        HubOptions options = HubOptions.defaults();
        for (String form :
                List.of("hf://%s/x", "hf://x/%s", "ollama://x:%s", "ollama://%s:x", "x/y/%s")) {
            String text = form.formatted(name);
            try {
                Reference reference = Reference.parse(text, options);
                // Some are sound in another reading; none of them may leave a part unsound.
                assertThat(parts(reference)).allMatch(SafeName::isPath);
            } catch (HubException e) {
                assertThat(e).hasMessageMatching("[ -~…]*");
            }
        }
    }

    private static List<String> parts(Reference reference) {
        return switch (reference) {
            case Reference.HuggingFace hf ->
                    List.of(
                            hf.user(),
                            hf.repository(),
                            hf.selector() == null ? "none" : hf.selector());
            case Reference.Ollama ollama -> List.of(ollama.space(), ollama.name(), ollama.tag());
            case Reference.Url url -> List.of(url.file());
        };
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aListOfFilesWithItIsOfNoHarm(String name) throws Exception {
        try (HubStub stub =
                        HubStub.start()
                                .with("user/repo", name + "-Q4_K_M.gguf", MODEL)
                                .with("user/repo", name + "/tiny-Q4_K_M.gguf", MODEL)
                                .with("user/repo", name, MODEL);
                Hub hub = Hub.open(HubTest.options(stub))) {
            Path models = folder.resolve("deep/models");
            try {
                hub.pull("user/repo", ModelStore.open(models), PullListener.NONE);
            } catch (HubException e) {
                assertThat(e).hasMessageContaining("user/repo");
            }
            assertNothingOutside(models);
        }
    }

    private void assertNothingOutside(Path models) throws IOException {
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allMatch(file -> file.startsWith(models));
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aManifestWithItIsRefused(String name) {
        refuseDigest(name);
        refuseDigest("sha256:" + name);
        refuseDigest("sha256:" + "0".repeat(64) + name + "x");
    }

    @Test
    void digestsAreSixtyFourSmallDigits() {
        String digits = "a".repeat(64);
        for (String digest :
                List.of(
                        digits,
                        "sha256-" + digits,
                        "sha256:" + digits.toUpperCase(java.util.Locale.ROOT),
                        "sha256:" + digits.substring(1),
                        "sha256:../" + digits.substring(3),
                        "sha256:" + digits + "\n",
                        "sha512:" + digits)) {
            assertThat(SafeName.isDigest(digest)).isFalse();
            refuseDigest(digest);
        }
        assertThat(SafeName.isDigest("sha256:" + digits)).isTrue();
    }

    private void refuseDigest(String digest) {
        String json = RemoteJsonText.quoted(digest);
        String manifest =
                "{\"layers\": [{\"mediaType\": \"application/vnd.ollama.image.model\","
                        + " \"size\": 5, \"digest\": "
                        + json
                        + "}]}";
        try (HubStub stub = HubStub.start().withManifest("library/m", "latest", manifest);
                Hub hub = Hub.open(HubTest.options(stub))) {
            assertThatThrownBy(() -> hub.resolve("ollama://m"))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("expected sha256:");
        }
    }

    @Test
    void aDriveIsTakenForANameWithATagAndStaysInTheFolder() {
        ModelName name = ModelName.parse("C:evil");
        assertThat(ModelStore.open(folder).folder(name)).isEqualTo(folder.resolve("C"));
    }

    @Test
    void soundNamesAreSound() {
        for (String name :
                List.of(
                        "a",
                        "a/b",
                        "a/b:c",
                        "Qwen/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M",
                        "llama3.2:3b")) {
            assertThat(ModelName.parse(name)).hasToString(name);
        }
    }
}
