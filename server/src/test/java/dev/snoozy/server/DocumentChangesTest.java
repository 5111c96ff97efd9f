package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.server.Rig.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs change collections only below folders that the owner has given. */
class DocumentChangesTest {
    private static final String PLACE = "/v1/documents";

    @TempDir private Path folder;

    private Path allowed;
    private Path secret;
    private DocumentLibrary library;
    private volatile List<Path> roots = List.of();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        allowed = Files.createDirectories(folder.resolve("allowed"));
        secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(allowed.resolve("a.md"), "The falcon is fast.");
        Files.writeString(secret.resolve("b.md"), "The password is swordfish.");
        library = new DocumentLibrary(folder.resolve("collections"));
        rig = Rig.withDocuments(Map.of(), new ServedDocuments(library, () -> roots));
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private Reply add(String name, Path path) {
        return rig.post(
                PLACE, "{'name':'%s','paths':'%s'}".formatted(name, path).replace("\\", "\\\\"));
    }

    private Reply delete(String name) {
        return rig.send(
                HttpRequest.newBuilder(URI.create(rig.url() + PLACE + "/" + name)).DELETE());
    }

    private JsonNode updated(String name) throws InterruptedException {
        while (true) {
            JsonNode node = rig.get(PLACE + "/" + name).json();
            if (!node.at("/update/state").asString().equals("running")) {
                return node;
            }
            Thread.sleep(20);
        }
    }

    private List<String> found(String name, String words) {
        return rig.post(
                        PLACE + "/search",
                        "{'collection':'%s','query':'%s'}".formatted(name, words))
                .json()
                .path("passages")
                .findValuesAsString("text");
    }

    @Test
    void nothingIsChangedUnlessTheOwnerAllowsIt() {
        Reply refused = add("mine", allowed);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/error/message").asString()).contains("--documents-root");
        assertThat(library.names()).isEmpty();
    }

    @Test
    void whatIsBelowAnAllowedFolderIsAddedUpdatedAndForgotten() throws Exception {
        roots = List.of(allowed);
        assertThat(rig.get(PLACE).json().path("roots")).hasSize(1);
        assertThat(add("mine", allowed).status()).isEqualTo(202);
        JsonNode whole = updated("mine");
        assertThat(whole.at("/update/state").asString()).as(whole.toString()).isEqualTo("done");
        assertThat(whole.path("indexed").asInt()).isEqualTo(1);
        assertThat(found("mine", "falcon")).containsExactly("The falcon is fast.");

        Files.writeString(allowed.resolve("c.md"), "The otter swims.");
        assertThat(rig.post(PLACE + "/mine/update", "{}").status()).isEqualTo(202);
        assertThat(updated("mine").at("/update/read").asInt()).isEqualTo(1);
        assertThat(found("mine", "otter")).hasSize(1);

        String paths = "{'paths':'%s'}".formatted(allowed).replace("\\", "\\\\");
        assertThat(rig.post(PLACE + "/mine/remove", paths).status()).isEqualTo(202);
        updated("mine");
        assertThat(found("mine", "falcon")).isEmpty();
        assertThat(delete("mine").status()).isEqualTo(200);
        assertThat(library.names()).isEmpty();
        assertThat(allowed.resolve("a.md")).exists();
    }

    @Test
    void noWayLeadsOutOfAnAllowedFolder() throws Exception {
        roots = List.of(allowed);
        Path link = Files.createSymbolicLink(allowed.resolve("link"), secret);
        Path hidden = Files.createDirectories(allowed.resolve(".ssh"));
        for (Path path :
                List.of(
                        secret,
                        link,
                        link.resolve("b.md"),
                        hidden,
                        allowed.resolve("../secret"),
                        allowed.resolve("none"),
                        Path.of("/"),
                        allowed.resolveSibling("allowed-not"))) {
            assertThat(add("mine", path).status()).as(path.toString()).isEqualTo(403);
        }
        assertThat(add("mine", Path.of("relative")).status()).isEqualTo(400);
        assertThat(add("../mine", allowed).status()).isEqualTo(400);
        assertThat(library.names()).isEmpty();
        assertThat(add("mine", allowed).status()).isEqualTo(202);
        updated("mine");
        assertThat(found("mine", "swordfish")).as("a link in a folder").isEmpty();
    }

    @Test
    void collectionsOfTheOwnerAreLeftAlone() throws Exception {
        try (DocumentCollection own = library.openOrCreate("own")) {
            own.add(List.of(secret, allowed));
        }
        roots = List.of(allowed);
        assertThat(add("own", allowed).status()).isEqualTo(403);
        assertThat(rig.post(PLACE + "/own/update", "{}").status()).isEqualTo(403);
        assertThat(rig.post(PLACE + "/own/remove", "{'paths':'/'}").status()).isEqualTo(403);
        assertThat(delete("own").status()).isEqualTo(403);
        assertThat(delete("none").status()).isEqualTo(404);
        assertThat(rig.post(PLACE + "/own/dance", "{}").status()).isEqualTo(403);
        try (DocumentCollection own = library.open("own")) {
            assertThat(own.settings().places()).hasSize(2);
        }
    }
}
