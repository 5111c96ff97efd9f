package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What Ollama's clients may do to models where the server was started so. */
class ModelChangesTest {
    /** Models in memory; one of them belongs to somebody else. */
    private static final class Files implements ModelFiles {
        private final List<Entry> entries = new CopyOnWriteArrayList<>();
        private boolean fails;

        Files() {
            for (String name : List.of("tiny", "theirs", "pub/repo:q4")) {
                entries.add(new Entry(name, Path.of(name), 1, 1));
            }
        }

        @Override
        public List<Entry> all() {
            return entries;
        }

        /** Short forms are found, as in the store. */
        @Override
        public Optional<Entry> find(String name) {
            return entries.stream()
                    .filter(e -> e.name().equals(name) || e.name().endsWith("/" + name))
                    .findFirst();
        }

        @Override
        public Runnable removal(Entry entry) {
            if (entry.name().equals("theirs")) {
                throw new HttpProblem(HttpProblem.Kind.FORBIDDEN, "that is not ours");
            }
            return () -> {
                if (fails) {
                    throw new HttpProblem(HttpProblem.Kind.FAILED, "the disk is broken");
                }
                entries.remove(entry);
            };
        }

        @Override
        public Entry copy(Entry from, String to) {
            Entry copy = new Entry(to, from.file(), from.bytes(), from.modified());
            entries.add(copy);
            return copy;
        }
    }

    private final Files files = new Files();
    private Rig rig;

    @BeforeEach
    void start() {
        byte[] bytes = TinyModel.llama().bytes();
        rig = Rig.of(files, entry -> Rig.load(bytes));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Rig.Reply delete(String body) {
        return rig.send(
                HttpRequest.newBuilder(URI.create(rig.url() + "/api/delete"))
                        .header("Content-Type", "application/json")
                        .method(
                                "DELETE",
                                HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private List<String> names() {
        return files.all().stream().map(ModelFiles.Entry::name).toList();
    }

    @Test
    void aModelThatIsLoadedLeavesMemoryAndIsRemoved() {
        rig.post("/api/generate", "{'model': 'tiny', 'keep_alive': -1}");
        assertThat(rig.server().models().loaded()).hasSize(1);
        assertThat(delete("{'model': 'tiny:latest'}").status()).isEqualTo(200);
        assertThat(rig.server().models().loaded()).isEmpty();
        assertThat(names()).containsExactly("theirs", "pub/repo:q4");
        assertThat(delete("{'model': 'tiny'}").status()).isEqualTo(404);
        assertThat(rig.post("/api/generate", "{'model': 'tiny', 'prompt': 'x'}").status())
                .isEqualTo(404);
    }

    @Test
    void aModelThatIsInUseStays() {
        try (ModelPool.Lease lease = rig.server().models().use("tiny")) {
            Rig.Reply reply = delete("{'name': 'tiny'}");
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.json().get("error").stringValue()).contains("in use");
            assertThat(lease.model().metadata()).isNotNull();
        }
        assertThat(names()).contains("tiny");
        assertThat(delete("{'name': 'tiny'}").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotOursIsRefusedAndStaysLoaded() {
        rig.post("/api/generate", "{'model': 'theirs', 'keep_alive': -1}");
        Rig.Reply reply = delete("{'model': 'theirs'}");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("error").stringValue()).contains("not ours");
        assertThat(rig.server().models().loaded()).hasSize(1);
    }

    @Test
    void aRemovalThatFailsLeavesAModelThatWorks() {
        files.fails = true;
        assertThat(delete("{'model': 'tiny'}").status()).isEqualTo(500);
        Rig.Reply reply =
                rig.post(
                        "/api/generate",
                        "{'model': 'tiny', 'prompt': 'a', 'stream': false,"
                                + " 'options': {'num_predict': 1}}");
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void aShortNameRemovesNothing() {
        Rig.Reply reply = delete("{'model': 'repo:q4'}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("error").stringValue()).contains("pub/repo:q4");
        assertThat(names()).contains("pub/repo:q4");
    }

    @Test
    void aModelIsGivenAnotherName() {
        Rig.Reply reply =
                rig.post("/api/copy", "{'source': 'tiny', 'destination': 'me/other:latest'}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(names()).contains("me/other");
        assertThat(rig.get("/api/tags").json().toString()).contains("me/other:latest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'source': 'tiny'} | 400",
                "{'destination': 'x'} | 400",
                "{'source': 'none', 'destination': 'x'} | 404",
                "{'source': '', 'destination': 'x'} | 400",
                "[] | 400"
            })
    void aCopyOfNothingIsRefused(String body, int status) {
        assertThat(rig.post("/api/copy", body).status()).isEqualTo(status);
    }

    @Test
    void modelsOfAServerThatHasNoStoreAreFixed() {
        try (Rig fixed = Rig.of(Map.of("tiny", TinyModel.llama()), options -> options)) {
            Rig.Reply reply = fixed.post("/api/copy", "{'source': 'tiny', 'destination': 'other'}");
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.json().get("error").stringValue()).contains("fixed");
        }
    }
}
