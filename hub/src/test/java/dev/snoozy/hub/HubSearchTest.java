package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.hub.RemoteRepository.Offer;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Repositories are searched for, and what one of them offers is listed. */
class HubSearchTest {
    private static final byte[] MODEL = TinyModel.llama().bytes();

    private final HubStub stub = HubStub.start();
    private final Hub hub = Hub.open(HubTest.options(stub));

    @AfterEach
    void stop() {
        hub.close();
        stub.close();
    }

    @Test
    void aSearchFindsRepositoriesWithTheirLicense() throws InterruptedException {
        stub.with("user/Badger-GGUF", "badger-Q4_K_M.gguf", MODEL)
                .with("other/Fox-GGUF", "fox.gguf", MODEL);
        assertThat(hub.search(" badger ", 10))
                .containsExactly(
                        new FoundRepository("user/Badger-GGUF", 16_000, 7, "apache-2.0", false));
        assertThat(hub.search("gguf", 1)).hasSize(1);
        assertThat(hub.search("nothing & ?#%", 10)).isEmpty();
        assertThat(stub.hub().seen().getFirst().target())
                .startsWith("/api/models?search=badger&filter=gguf&sort=downloads")
                .endsWith("limit=10");
    }

    @Test
    void aSearchForNothingIsRefusedBeforeAnybodyIsAsked() {
        for (String text : List.of("", "  ", "x".repeat(201))) {
            assertThatThrownBy(() -> hub.search(text, 5))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("expected 1 to 200 characters");
        }
        assertThat(stub.hub().seen()).isEmpty();
    }

    @Test
    void whatAnswersStrangelyIsNotBelieved() throws InterruptedException {
        stub.hub()
                .handle(exchange ->
                        exchange.answer(
                                200,
                                """
                                [{"id": "../../etc"}, {"id": 7}, {"id": "a/b/c"}, "text", null,
                                 {"id": "good/One", "downloads": "many",
                                  "tags": ["license:<script>"]}]\
                                """));
        assertThat(hub.search("x", 5))
                .containsExactly(new FoundRepository("good/One", 0, 0, "", false));
        stub.hub().handle(exchange -> exchange.answer(200, "{\"id\": \"a/b\"}"));
        assertThatThrownBy(() -> hub.search("x", 5))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("something else than a list");
        stub.hub().handle(exchange -> exchange.answer(404, "gone"));
        assertThatThrownBy(() -> hub.search("x", 5))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("cannot search");
    }

    @Test
    void whoWaitsAtAPageIsToldSoonThatNobodyAnswers() {
        stub.hub().handle(exchange -> exchange.answer(503, ""));
        assertThatThrownBy(() -> hub.search("x", 5)).hasMessageContaining("answered 503");
        assertThat(stub.hub().seen()).hasSize(2);
        assertThatThrownBy(() -> hub.repository("user/Repo"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("503");
        assertThat(stub.hub().seen()).hasSize(4);
    }

    @Test
    void aRepositoryListsItsModelsTheSmallestFirst(@TempDir Path folder) throws Exception {
        List<byte[]> shards = TwoShards.of(folder);
        stub.with("user/Repo-GGUF", "m-Q8_0.gguf", TinyModel.mixture().bytes())
                .with("user/Repo-GGUF", "m-Q4_K_M.gguf", MODEL)
                .with("user/Repo-GGUF", "big/m-F16-00001-of-00002.gguf", shards.get(0))
                .with("user/Repo-GGUF", "big/m-F16-00002-of-00002.gguf", shards.get(1))
                .with("user/Repo-GGUF", "half/m-Q6_K-00001-of-00002.gguf", shards.get(0))
                .with("user/Repo-GGUF", "mmproj-f16.gguf", MODEL);
        RemoteRepository repository = hub.repository("user/Repo-GGUF");
        assertThat(repository.license()).isEqualTo("apache-2.0");
        assertThat(repository.commit()).isEqualTo(HubStub.COMMIT);
        assertThat(repository.offers())
                .extracting(Offer::quantization)
                .containsExactlyInAnyOrder("Q4_K_M", "Q8_0", "F16");
        assertThat(repository.offers())
                .extracting(offer -> offer.model().bytes())
                .isSorted()
                .contains((long) MODEL.length, (long) shards.get(0).length + shards.get(1).length);
        Offer usual = repository.usual();
        assertThat(usual.reference()).isEqualTo("user/Repo-GGUF:Q4_K_M");
        assertThat(usual.model().files().getFirst().sha256())
                .isEqualTo(HubStub.hex("SHA-256", MODEL));
        assertThat(hub.header(usual.model()).metadata().string("general.architecture"))
                .isEqualTo("llama");
        assertThat(hub.resolve(usual.reference()).name()).isEqualTo(usual.model().name());
    }

    @Test
    void modelsOfOneNumberFormatAreAskedForByTheirFiles() throws InterruptedException {
        stub.with("user/Two", "a-Q8_0.gguf", MODEL).with("user/Two", "b-Q8_0.gguf", MODEL);
        List<Offer> offers = hub.repository("user/Two").offers();
        assertThat(offers)
                .extracting(Offer::reference)
                .containsExactlyInAnyOrder("user/Two:a-Q8_0.gguf", "user/Two:b-Q8_0.gguf");
        for (Offer offer : offers) {
            assertThat(hub.resolve(offer.reference()).files()).isEqualTo(offer.model().files());
        }
    }

    @Test
    void whatIsNoRepositoryIsRefusedWithItsReason() {
        stub.with("user/Weights", "model.safetensors", MODEL);
        assertThatThrownBy(() -> hub.repository("user/Weights"))
                .hasMessageContaining("snoozy convert");
        assertThatThrownBy(() -> hub.repository("user/None"))
                .hasMessageContaining("no such repository");
        for (String name : List.of("", "plain", "user/repo:Q4_K_M", "ollama://x", "../../x")) {
            assertThatThrownBy(() -> hub.repository(name)).isInstanceOf(HubException.class);
        }
    }
}
