package dev.snoozy.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PullCommandTest {
    private static final String REPOSITORY = "someone/Tiny-GGUF";
    private static final byte[] MODEL = TinyModel.llama().bytes();

    @TempDir private Path home;
    private HubStub stub;

    @BeforeEach
    void start() {
        stub =
                HubStub.start()
                        .with(REPOSITORY, "tiny-Q4_K_M.gguf", MODEL)
                        .with(REPOSITORY, "tiny-Q8_0.gguf", MODEL)
                        .with("someone/Other-GGUF", "other.gguf", MODEL);
        System.setProperty("snoozy.data", home.toString());
    }

    @AfterEach
    void stop() {
        System.clearProperty("snoozy.data");
        stub.close();
    }

    private Cli pull(String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "pull";
        args[1] = "--endpoint";
        args[2] = stub.url().toString();
        args[3] = "--proxy=none";
        System.arraycopy(more, 0, args, 4, more.length);
        return Cli.run(args);
    }

    @Test
    void aModelIsPulledListedAndRun() {
        Cli pulled = pull(REPOSITORY);
        assertThat(pulled.err()).isEmpty();
        assertThat(pulled.code()).isZero();
        assertThat(pulled.out()).contains("pulled someone/Tiny-GGUF:Q4_K_M", "it fits");
        assertThat(home.resolve("models/someone/Tiny-GGUF/tiny-Q4_K_M.gguf"))
                .hasBinaryContent(MODEL);
        assertThat(Cli.run("list", "--no-foreign").out()).contains("someone/Tiny-GGUF:Q4_K_M");
        Cli run = Cli.run("run", "someone/Tiny-GGUF:q4_k_m", "a", "-n", "2", "--temp", "0");
        assertThat(run.code()).isZero();
    }

    @Test
    void nothingIsLeftOfAFinishedDownload() throws IOException {
        pull(REPOSITORY);
        try (var left = Files.list(home.resolve("models/.partial"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aSecondPullFetchesNothing() {
        pull(REPOSITORY, "--quiet");
        stub.storage().forget();
        Cli again = pull(REPOSITORY + ":q4_k_m", "--json");
        assertThat(again.code()).isZero();
        JsonNode report = Json.mapper().readTree(again.out());
        assertThat(report.get("name").stringValue()).isEqualTo("someone/Tiny-GGUF:Q4_K_M");
        assertThat(stub.storage().seen())
                .extracting(seen -> seen.headers().get("range"))
                .containsOnly("bytes=0-1048575"); // the header, by which it is known to fit
    }

    @Test
    void aDryRunTellsSizesAndMemoryAndWritesNothing() {
        Cli dry = pull(REPOSITORY, "--file", "Q8_0", "--dry-run", "--json");
        assertThat(dry.code()).isZero();
        JsonNode report = Json.mapper().readTree(dry.out());
        assertThat(report.get("dry_run").booleanValue()).isTrue();
        assertThat(report.get("bytes").longValue()).isEqualTo(MODEL.length);
        assertThat(report.at("/files/0/sha256").stringValue())
                .isEqualTo(HubStub.hex("SHA-256", MODEL));
        assertThat(report.at("/memory/fits").booleanValue()).isTrue();
        assertThat(report.at("/memory/architecture").stringValue()).isEqualTo("llama");
        assertThat(report.at("/origin/revision").stringValue()).isEqualTo(HubStub.COMMIT);
        assertThat(home.resolve("models")).doesNotExist();
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIs() {
        Cli refused = pull(REPOSITORY + ":Q2_K");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("Q2_K", "Q4_K_M, Q8_0");
        assertThat(pull("someone/else").err()).contains("no such repository");
        assertThat(pull("tiny").err()).contains("user/repository[:QUANT]", "ollama://");
    }

    @Test
    void aTokenIsShownToItsServerOnlyAndNeverPrinted() throws IOException {
        stub.gated("hf_secret");
        assertThat(pull(REPOSITORY).err())
                .contains("gated", stub.url() + "/" + REPOSITORY, "--token-file");
        Path token = Files.writeString(home.resolve("token"), "hf_secret\n");
        Cli pulled = pull(REPOSITORY, "--token-file", token.toString());
        assertThat(pulled.code()).isZero();
        assertThat(pulled.out() + pulled.err()).doesNotContain("hf_secret");
        assertThat(stub.hub().seen().getLast().headers())
                .containsEntry("authorization", "Bearer hf_secret");
        assertThat(stub.storage().seen())
                .extracting(StubServer.Seen::headers)
                .noneMatch(headers -> headers.containsKey("authorization"));
    }

    @Test
    void theOnlyModelOfARepositoryNeedsNoTag() {
        assertThat(pull("hf.co/someone/Other-GGUF", "-q").out())
                .contains("pulled someone/Other-GGUF\n");
    }

    @Test
    void wrongUseIsSaid() {
        assertThat(Cli.run("pull").code()).isEqualTo(2);
        assertThat(pull(REPOSITORY, "--connections", "99").code()).isEqualTo(2);
        assertThat(pull(REPOSITORY, "--revision", "../x").err()).contains("not the name");
    }
}
