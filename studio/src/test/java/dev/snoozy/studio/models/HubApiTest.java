package dev.snoozy.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.HubModels;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubFault;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;

/** What can be had, and whether it would fit, before anything large is fetched. */
class HubApiTest {
    private static final byte[] MODEL = TinyModel.llama().bytes();

    @TempDir private Path home;
    private final HubStub stub = HubStub.start();
    private HubModels models;
    private StudioRig rig;

    @BeforeEach
    void start() throws IOException {
        models = HubModels.in(home, stub);
        rig = models.studio(home);
    }

    @AfterEach
    void stop() {
        rig.close();
        models.close();
        stub.close();
    }

    @Test
    void theCatalogueIsJudgedAndAsksNobody() {
        JsonNode list = rig.get("/catalogue").json().path("models");
        assertThat(list.size()).isGreaterThanOrEqualTo(20);
        boolean fits = true;
        for (JsonNode model : list) {
            assertThat(model.path("license").asString()).isNotEmpty();
            for (JsonNode offer : model.path("offers")) {
                JsonNode fit = offer.path("fit");
                assertThat(fit.path("need").asLong())
                        .as(offer.toString())
                        .isGreaterThan((long) (0.9 * offer.path("bytes").asLong()));
                assertThat(fit.path("basis").asString()).isEqualTo("size");
                fits &= fit.path("fits").asBoolean();
            }
        }
        assertThat(list.get(0).path("offers").get(0).path("fit").path("fits").asBoolean()).isTrue();
        assertThat(fits).as("not all of them fit into 3 GB").isFalse();
        assertThat(stub.hub().seen()).isEmpty();
        assertThat(rig.get("/system").json().path("features").get(0).asString()).isEqualTo("hub");
        assertThat(stub.hub().seen()).isEmpty();
    }

    @Test
    void aRepositoryIsFoundAndEachOfItsModelsJudged() {
        stub.with("user/Tiny-GGUF", "tiny-Q4_K_M.gguf", MODEL)
                .with("user/Tiny-GGUF", "tiny-Q8_0.gguf", TinyModel.mixture().bytes());
        JsonNode found = rig.get("/hub/search?q=tiny&limit=5").json().path("repositories");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("name").asString()).isEqualTo("user/Tiny-GGUF");
        assertThat(found.get(0).path("downloads").asLong()).isEqualTo(14_000);

        JsonNode repository = rig.get("/hub/repository?name=user/Tiny-GGUF").json();
        assertThat(repository.path("commit").asString()).isEqualTo(HubStub.COMMIT);
        assertThat(repository.path("architecture").asString()).isEqualTo("llama");
        assertThat(repository.path("supported").asBoolean()).isTrue();
        JsonNode offers = repository.path("offers");
        assertThat(offers).hasSize(2);
        for (JsonNode offer : offers) {
            boolean read = offer.path("quantization").asString().equals("Q4_K_M");
            assertThat(offer.path("fit").path("basis").asString())
                    .isEqualTo(read ? "header" : "size");
            assertThat(offer.path("fit").path("fits").asBoolean()).isTrue();
            assertThat(offer.path("here").asBoolean()).isFalse();
            assertThat(offer.path("files").get(0).path("sha256").asString()).hasSize(64);
        }
        long served = stub.storage().served();
        assertThat(served).as("the header of one").isPositive().isLessThanOrEqualTo(MODEL.length);
    }

    @Test
    void whereNoHeaderCanBeHadTheSizeDecides() {
        stub.with("user/Tiny-GGUF", "tiny-Q4_K_M.gguf", MODEL).fault(StubFault.status(403));
        JsonNode repository = rig.get("/hub/repository?name=user/Tiny-GGUF").json();
        assertThat(repository.path("note").asString()).contains("gated");
        JsonNode fit = repository.path("offers").get(0).path("fit");
        assertThat(fit.path("basis").asString()).isEqualTo("size");
        assertThat(fit.path("need").asLong()).isGreaterThan(MODEL.length);
    }

    @Test
    void whatCannotBeHadIsSaid() {
        StudioRig.Reply none = rig.get("/hub/repository?name=user/None");
        assertThat(none.status()).isEqualTo(500);
        assertThat(none.text()).contains("no such repository");
        assertThat(rig.get("/hub/search?q=").status()).isEqualTo(400);
        assertThat(rig.get("/hub/search?q=x&limit=1000").status()).isEqualTo(400);
        assertThat(rig.get("/hub/repository?name=../..").text()).contains("expected user/repo");
    }

    @Test
    void pagesOfOtherSitesHaveNothingAsked() {
        StudioRig.Reply reply =
                rig.send(
                        rig.request("/hub/search?q=x")
                                .GET()
                                .header("Sec-Fetch-Site", "cross-site"));
        assertThat(reply.status()).isEqualTo(403);
        assertThat(stub.hub().seen()).isEmpty();
    }

    @Test
    void aStudioWithoutAHubAsksNobody(@TempDir Path other) throws IOException {
        try (StudioRig alone = StudioRig.tiny(other)) {
            assertThat(alone.get("/hub/search?q=x").status()).isEqualTo(403);
            assertThat(alone.get("/system").json().path("features")).isEmpty();
            assertThat(alone.get("/catalogue").json().path("models").size()).isGreaterThan(1);
        }
    }
}
