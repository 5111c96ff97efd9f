package dev.snoozy.hub.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.hub.StubExchange;
import dev.snoozy.testkit.hub.StubServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A file of which nobody tells the digest: its ETag tells one state of it from another. */
class UnknownFileTest {
    private static final byte[] OLD = Downloads.random(12_000_000);
    private static final byte[] NEW = new byte[OLD.length];
    private static final String FIRST = "\"first\"";

    @TempDir private Path folder;
    private final List<String> notes = new ArrayList<>();
    private final StubServer server = StubServer.start(x -> x.content(OLD, "ETag", FIRST));

    @AfterEach
    void stop() {
        server.close();
    }

    private FileDownload.Fetched fetch() throws Exception {
        URI uri = URI.create(server.url("127.0.0.1") + "/file");
        FileDownload.Listener listener =
                new FileDownload.Listener() {
                    @Override
                    public void received(long bytes, long total, int connections) {}

                    @Override
                    public void verified(long bytes, long total) {}

                    @Override
                    public void note(String what) {
                        notes.add(what);
                    }
                };
        try (Web web = Downloads.web(uri, Downloads.impatient())) {
            return new FileDownload(web, DiskSpace.ofSystem())
                    .fetch(new RemoteFile(uri, "f", -1, null, null), folder, listener);
        }
    }

    @Test
    void itArrivesAndIsNotSaidToBeProven() throws Exception {
        FileDownload.Fetched fetched = fetch();
        assertThat(fetched.isProven()).isFalse();
        assertThat(fetched.file()).hasBinaryContent(OLD);
        assertThat(server.seen().getLast().headers()).containsEntry("if-range", FIRST);
    }

    @Test
    void aFileThatChangesMidwayIsFetchedFromItsBeginning() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.handle(x -> {
            boolean old = asked.incrementAndGet() <= 3;
            String tag = old ? FIRST : "\"second\"";
            boolean matches = x.header("if-range").isEmpty() || x.header("if-range").equals(tag);
            byte[] content = old ? OLD : NEW;
            x.part(
                    content,
                    matches ? x.from() : -1,
                    matches ? x.end(content.length) : content.length,
                    "ETag",
                    tag);
        });
        assertThat(fetch().file()).hasBinaryContent(NEW);
        assertThat(notes).singleElement().asString().contains("another file by now");
    }

    @Test
    void aChangeIsSeenWithoutTheHelpOfTheServer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.handle(x -> {
            boolean old = asked.incrementAndGet() <= 3;
            x.content(old ? OLD : NEW, "ETag", old ? "W/\"1\"" : "W/\"2\"");
        });
        assertThat(fetch().file()).hasBinaryContent(NEW);
    }

    @Test
    void aFileThatKeepsChangingIsRefused() {
        AtomicInteger asked = new AtomicInteger();
        server.handle(x -> x.content(OLD, "ETag", "\"" + asked.incrementAndGet() + "\""));
        assertThatThrownBy(this::fetch).hasMessageContaining("another file by now");
    }

    @Test
    void aServerThatDoesNotTellTheSizeIsRefused() {
        server.handle(UnknownFileTest::withoutLength);
        assertThatThrownBy(this::fetch).hasMessageContaining("does not say how large it is");
    }

    private static void withoutLength(StubExchange exchange) throws IOException {
        exchange.head(200, "Connection", "close");
        exchange.close();
    }

    @Test
    void itGoesOnWhereItWasIfTheTagIsTheSame() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.handle(x -> {
            if (asked.incrementAndGet() <= 3) {
                x.content(OLD, "ETag", FIRST);
            } else {
                x.close();
            }
        });
        assertThatThrownBy(this::fetch).hasMessageContaining("attempts in a row");
        long before = server.served();
        server.forget();
        server.handle(x -> x.content(OLD, "ETag", FIRST));
        assertThat(fetch().file()).hasBinaryContent(OLD);
        assertThat(before + server.served()).isLessThan(OLD.length + 1000);
    }
}
