package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.hub.PullProgress.Phase;
import dev.snoozy.hub.download.Downloads;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubFault;
import dev.snoozy.testkit.hub.StubServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pulls from a stub of the places that models come from. */
class HubTest {
    private static final byte[] MODEL = TinyModel.llama().bytes();
    private static final byte[] OTHER = TinyModel.mixture().bytes();
    private static final String REPOSITORY = "user/Repo-GGUF";

    @TempDir private Path folder;
    private final HubStub stub = HubStub.start();
    private final List<String> notes = new ArrayList<>();
    private final List<PullProgress> progress = new ArrayList<>();
    private final PullListener listener =
            new PullListener() {
                @Override
                public void progress(PullProgress at) {
                    progress.add(at);
                }

                @Override
                public void note(String what) {
                    notes.add(what);
                }
            };

    @AfterEach
    void stop() {
        stub.close();
    }

    static HubOptions options(HubStub stub) {
        return HubOptions.defaults()
                .withHuggingFace(stub.url())
                .withOllama(stub.url())
                .withLimits(Downloads.impatient());
    }

    private ModelStore store() {
        return ModelStore.open(folder.resolve("models"));
    }

    private StoredModel pull(String reference) throws InterruptedException {
        try (Hub hub = Hub.open(options(stub))) {
            return hub.pull(reference, store(), listener);
        }
    }

    private void refused(String reference, String... reasons) {
        assertThatThrownBy(() -> pull(reference))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(reasons);
        assertThat(store().list()).isEmpty();
    }

    @Test
    void aPullEndsInTheStoreWithItsOrigin() throws Exception {
        stub.with(REPOSITORY, "a-Q4_K_M.gguf", MODEL).with(REPOSITORY, "a-Q8_0.gguf", OTHER);
        StoredModel model = pull(REPOSITORY + ":q8_0");
        assertThat(model.name()).isEqualTo(REPOSITORY + ":Q8_0");
        assertThat(model.file()).hasBinaryContent(OTHER);
        assertThat(model.files().getFirst().sha256()).isEqualTo(HubStub.hex("SHA-256", OTHER));
        assertThat(model.origin())
                .isEqualTo(new Origin("hf", REPOSITORY + ":Q8_0", HubStub.COMMIT));
        assertThat(progress.getFirst().phase()).isEqualTo(Phase.RESOLVING);
        assertThat(progress.getLast().phase()).isEqualTo(Phase.DONE);
        assertThat(progress).anyMatch(p -> p.phase() == Phase.VERIFYING);
        assertThat(notes).isEmpty();
    }

    @Test
    void theUsualNumberFormatIsTakenAndProjectorsAreNot() throws Exception {
        stub.with(REPOSITORY, "mmproj-Q4_K_M.gguf", OTHER)
                .with(REPOSITORY, "m-Q8_0.gguf", OTHER)
                .with(REPOSITORY, "m-Q4_K_M.gguf", MODEL)
                .with(REPOSITORY, "m-IQ1_S.gguf", OTHER);
        assertThat(pull(REPOSITORY).name()).isEqualTo(REPOSITORY + ":Q4_K_M");
    }

    @Test
    void everyFormOfAReferenceIsUnderstood() throws Exception {
        stub.with(REPOSITORY, "sub/m-Q8_0.gguf", MODEL).with(REPOSITORY, "m-F16.gguf", OTHER);
        String url = stub.url() + "/" + REPOSITORY;
        try (Hub hub = Hub.open(options(stub))) {
            for (String form :
                    List.of(
                            REPOSITORY + ":Q8_0",
                            REPOSITORY + ":m-q8_0.gguf",
                            REPOSITORY + "/sub/m-Q8_0.gguf",
                            "hf.co/" + REPOSITORY + ":Q8_0",
                            "huggingface.co/" + REPOSITORY + ":Q8_0",
                            "hf://" + REPOSITORY + ":Q8_0",
                            "https://huggingface.co/" + REPOSITORY + "/blob/main/sub/m-Q8_0.gguf",
                            url + "/resolve/" + HubStub.COMMIT + "/sub/m-Q8_0.gguf?download=true",
                            url)) {
                RemoteModel model = hub.resolve(form);
                assertThat(model.files())
                        .as(form)
                        .containsExactly(
                                new RemoteModel.File(
                                        "m-Q8_0.gguf",
                                        MODEL.length,
                                        HubStub.hex("SHA-256", MODEL)));
                assertThat(model.name()).hasToString(REPOSITORY + ":Q8_0");
            }
        }
    }

    @Test
    void partsOfAModelAreOneModel() throws Exception {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        List<byte[]> shards = TwoShards.of(parts);
        stub.with(REPOSITORY, "Q4_K_M/m-00001-of-00002.gguf", shards.get(0))
                .with(REPOSITORY, "Q4_K_M/m-00002-of-00002.gguf", shards.get(1));
        StoredModel model = pull(REPOSITORY);
        assertThat(model.files()).hasSize(2);
        try (GgufFile file = GgufFile.open(model.file())) {
            assertThat(file.shards()).isEqualTo(2);
        }
    }

    @Test
    void aPartThatIsMissingIsSaid() {
        stub.with(REPOSITORY, "m-00001-of-00003.gguf", MODEL);
        refused(REPOSITORY, "should be 3 files, the repository has 1");
    }

    @Test
    void whatIsNotClearIsAskedBack() {
        stub.with(REPOSITORY, "small-Q4_K_M.gguf", MODEL)
                .with(REPOSITORY, "large-Q4_K_M.gguf", MODEL);
        refused(REPOSITORY, "several models", "large-Q4_K_M, small-Q4_K_M");
        refused(REPOSITORY + ":Q5_0", "no model for \"Q5_0\"", "Q4_K_M");
        refused("user/none", "no such repository");
        stub.withSmall("user/Plain", "config.json", "{}")
                .with("user/Plain", "model.safetensors", MODEL);
        refused("user/Plain", "safetensors", "snoozy convert user/Plain");
        assertThatThrownBy(
                        () -> {
                            try (Hub hub = Hub.open(options(stub))) {
                                hub.resolve(REPOSITORY, "no-branch", null);
                            }
                        })
                .hasMessageContaining("no revision no-branch");
    }

    @Test
    void aGatedRepositorySaysWhereToAskAndHowToGiveTheToken() {
        stub.with(REPOSITORY, "m.gguf", MODEL).gated("hf_right");
        refused(REPOSITORY, "gated", stub.url() + "/" + REPOSITORY, "--token-file");
    }

    @Test
    void aTokenIsSentToItsSiteAndNoOther() throws Exception {
        stub.with(REPOSITORY, "m.gguf", MODEL).gated("hf_right");
        HubOptions options =
                options(stub)
                        .withToken(stub.url(), "hf_right")
                        .withToken(HubOptions.HUGGING_FACE, "hf_other");
        try (Hub hub = Hub.open(options)) {
            RemoteModel model = hub.resolve(REPOSITORY);
            hub.header(model);
            hub.pull(model, store(), listener);
        }
        assertThat(stub.hub().seen())
                .isNotEmpty()
                .allMatch(s -> "Bearer hf_right".equals(s.headers().get("authorization")));
        assertThat(stub.storage().seen())
                .isNotEmpty()
                .extracting(StubServer.Seen::toString)
                .noneMatch(s -> s.toLowerCase(Locale.ROOT).contains("authorization"))
                .noneMatch(s -> s.contains("hf_"));
        assertThat(options.toString()).doesNotContain("hf_");
    }

    @Test
    void aMirrorIsNotShownTheTokenOfHuggingFace() throws Exception {
        stub.with(REPOSITORY, "m.gguf", MODEL);
        HubOptions options =
                HubOptions.of(
                                java.util.Map.of(
                                        "HF_ENDPOINT", stub.url().toString(), "HF_TOKEN", "hf_own"),
                                folder)
                        .withLimits(Downloads.impatient());
        try (Hub hub = Hub.open(options)) {
            hub.pull(REPOSITORY, store(), listener);
        }
        assertThat(stub.hub().seen().toString()).doesNotContain("hf_own");
    }

    @Test
    void aModelOfOllamasRegistryIsKnownByItsName() throws Exception {
        stub.withModel("library/llama3.2", "3b", MODEL).withModel("me/own", "latest", OTHER);
        assertThat(pull("ollama://llama3.2:3b").name()).isEqualTo("llama3.2:3b");
        assertThat(pull("ollama.com/library/llama3.2:3b").file()).hasBinaryContent(MODEL);
        StoredModel own = pull("https://ollama.com/me/own");
        assertThat(own.name()).isEqualTo("me/own");
        assertThat(requireNonNull(own.origin()).revision())
                .isEqualTo("sha256:" + HubStub.hex("SHA-256", OTHER));
        assertThatThrownBy(() -> pull("ollama://llama3.2:7b"))
                .hasMessageContaining("no such model or tag");
    }

    @Test
    void aFileSomewhereIsSaidNotToBeProven() throws Exception {
        stub.storage().handle(x -> x.content(MODEL, "ETag", "\"1\""));
        StoredModel model = pull(stub.storage().url("127.0.0.1") + "/a/tiny.gguf?key=secret");
        assertThat(model.name()).isEqualTo("tiny");
        assertThat(String.valueOf(model.origin())).doesNotContain("secret");
        assertThat(notes).singleElement().asString().contains("nobody tells the digest");
    }

    @Test
    void aFileThatIsNoModelIsRefusedAndDeleted() {
        byte[] half = java.util.Arrays.copyOf(MODEL, MODEL.length / 2);
        stub.with(REPOSITORY, "m.gguf", half);
        refused(REPOSITORY, "truncated GGUF file");
        stub.storage().handle(x -> x.content("<html>Sign in</html>".getBytes("UTF-8")));
        refused(stub.storage().url("127.0.0.1") + "/tiny.gguf", "not a GGUF file", "deleted");
        assertThat(folder.resolve("models/user")).doesNotExist();
    }

    @Test
    void aPointerOfGitLfsIsNoModel() {
        byte[] pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0".getBytes();
        stub.withWrong(REPOSITORY, "m.gguf", MODEL, pointer);
        refused(REPOSITORY, "git LFS");
    }

    @Test
    void wrongBytesNeverReachTheStore() {
        byte[] wrong = MODEL.clone();
        wrong[wrong.length - 1] ^= 1;
        stub.withWrong(REPOSITORY, "m.gguf", MODEL, wrong);
        refused(REPOSITORY, "damaged twice");
    }

    @Test
    void theHeaderOfALargeModelIsReadWithoutTheRest() throws Exception {
        stub.with(REPOSITORY, "m.gguf", MODEL);
        try (Hub hub = Hub.open(options(stub))) {
            GgufHeader header = hub.header(hub.resolve(REPOSITORY));
            assertThat(header.metadata().string("general.architecture")).isEqualTo("llama");
            assertThat(header.tensors()).isNotEmpty();
            stub.fault(StubFault.status(404));
            assertThatThrownBy(() -> hub.header(hub.resolve(REPOSITORY)))
                    .isInstanceOf(HubException.class);
        }
    }

    @Test
    void ofTwoPullsOfOneModelTheSecondWaitsAndFetchesNothing() throws Exception {
        stub.with(REPOSITORY, "m.gguf", MODEL);
        stub.storage().throttle(MODEL.length * 2L);
        List<Phase> phases = new ArrayList<>();
        try (Hub hub = Hub.open(options(stub));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            RemoteModel model = hub.resolve(REPOSITORY);
            Callable<StoredModel> pull =
                    () ->
                            hub.pull(
                                    model,
                                    store(),
                                    at -> {
                                        synchronized (phases) {
                                            phases.add(at.phase());
                                        }
                                    });
            Future<StoredModel> first = threads.submit(pull);
            Future<StoredModel> second = threads.submit(pull);
            assertThat(first.get()).isEqualTo(second.get());
        }
        assertThat(phases).contains(Phase.WAITING);
        assertThat(stub.storage().served()).isEqualTo(MODEL.length);
    }

    @Test
    void aFolderToConvertHoldsWhatConvertingReads() throws Exception {
        stub.withSmall("user/Plain", "config.json", "{}")
                .withSmall("user/Plain", "tokenizer.json", "{}")
                .withSmall("user/Plain", "README.md", "no")
                .withSmall("user/Plain", "1_Pooling/config.json", "{}")
                .with("user/Plain", "model.safetensors", OTHER)
                .with("user/Plain", "consolidated.safetensors", OTHER)
                .with("user/Plain", "pytorch_model.bin", OTHER);
        try (Hub hub = Hub.open(options(stub))) {
            RemoteModel model = hub.resolveFolder("user/Plain", null);
            Path first = hub.pullFolder(model, folder.resolve("cache"), listener);
            try (var files = Files.walk(first)) {
                assertThat(
                                files.filter(Files::isRegularFile)
                                        .map(f -> first.relativize(f).toString()))
                        .containsExactlyInAnyOrder(
                                "config.json",
                                "tokenizer.json",
                                "1_Pooling/config.json",
                                "model.safetensors");
            }
            stub.storage().forget();
            assertThat(hub.pullFolder(model, folder.resolve("cache"), listener)).isEqualTo(first);
            assertThat(stub.storage().seen()).isEmpty();
        }
    }
}
