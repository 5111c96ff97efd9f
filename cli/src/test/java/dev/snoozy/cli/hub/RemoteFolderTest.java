package dev.snoozy.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code snoozy convert user/repository}. */
class RemoteFolderTest {
    private static final Path CASES = Data.root().resolve("testkit/cases/convert");

    @TempDir private Path home;
    private HubStub stub;

    @BeforeEach
    void start() throws IOException {
        stub =
                HubStub.start()
                        .with("someone/Tiny", "model.safetensors", bytes("llama/model.safetensors"))
                        .withSmall("someone/Tiny", "config.json", text("llama/config.json"))
                        .withSmall("someone/Tiny", "tokenizer.json", text("tokenizer.json"))
                        .withSmall(
                                "someone/Tiny",
                                "tokenizer_config.json",
                                text("tokenizer_config.json"));
        System.setProperty("snoozy.data", home.toString());
    }

    @AfterEach
    void stop() {
        System.clearProperty("snoozy.data");
        stub.close();
    }

    private static byte[] bytes(String file) throws IOException {
        return Data.read(CASES.resolve(file));
    }

    private static String text(String file) throws IOException {
        return Files.readString(CASES.resolve(file));
    }

    private Cli convert(String from) {
        return Cli.run(
                "convert",
                from,
                home.resolve("out.gguf").toString(),
                "--endpoint",
                stub.url().toString(),
                "--proxy=none");
    }

    @Test
    void aRepositoryIsFetchedOnceAndConverted() throws IOException {
        Cli converted = convert("someone/Tiny");
        assertThat(converted.code()).as(converted.err()).isZero();
        assertThat(converted.err()).contains("no folder someone/Tiny here: asking 127.0.0.1");
        try (GgufFile file = GgufFile.open(home.resolve("out.gguf"))) {
            assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
        }
        stub.storage().forget();
        assertThat(convert("hf://someone/Tiny").code()).isZero();
        assertThat(stub.storage().seen()).isEmpty();
    }

    @Test
    void aSlipInAPathAsksNobody() {
        for (String path : new String[] {"some/file.gguf", "none", "../a/b", "./a", "/a/b"}) {
            assertThat(RemoteFolder.isMeant(path)).as(path).isFalse();
        }
        assertThat(RemoteFolder.isMeant("someone/Tiny")).isTrue();
        assertThat(RemoteFolder.isMeant("hf://someone/Tiny")).isTrue();
        assertThat(stub.hub().seen()).isEmpty();
    }
}
