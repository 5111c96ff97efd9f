package dev.snoozy.hub.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubFault;
import dev.snoozy.testkit.hub.StubServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A file of 50 MB through everything that goes wrong on the way. */
class FaultsTest {
    private static final byte[] CONTENT = Downloads.random(50_000_000);
    private static final String DIGEST = HubStub.hex("SHA-256", CONTENT);
    private static final String NAME = "model.bin";

    @TempDir private Path folder;
    private final List<String> notes = new ArrayList<>();
    private final StubServer server = StubServer.start(x -> StubFault.NONE.answer(x, CONTENT));

    @AfterEach
    void stop() {
        server.close();
    }

    private RemoteFile file(String digest) {
        return new RemoteFile(
                URI.create(server.url("127.0.0.1") + "/file"), NAME, CONTENT.length, digest, null);
    }

    private FileDownload.Fetched fetch(RemoteFile file) throws Exception {
        try (Web web = Downloads.web(URI.create(server.url("127.0.0.1")), Downloads.impatient())) {
            return new FileDownload(web, DiskSpace.ofSystem()).fetch(file, folder, new Listener());
        }
    }

    private final class Listener implements FileDownload.Listener {
        @Override
        public void received(long bytes, long total, int connections) {
            assertThat(bytes).isBetween(0L, total);
        }

        @Override
        public void verified(long bytes, long total) {
            assertThat(bytes).isBetween(0L, total);
        }

        @Override
        public void note(String what) {
            notes.add(what);
        }
    }

    static Stream<Arguments> survivable() {
        return Stream.of(
                argumentSet("nothing", StubFault.NONE),
                argumentSet("truncated each time", StubFault.truncated(3_000_000)),
                argumentSet("truncated now and then", StubFault.each(3, StubFault.truncated(9))),
                argumentSet("stalled", StubFault.first(3, StubFault.stalled(1_000_000))),
                argumentSet("silent", StubFault.first(2, StubFault.silent())),
                argumentSet("dripping", StubFault.first(2, StubFault.dripping())),
                argumentSet("busy", StubFault.first(5, StubFault.status(429, "Retry-After", "0"))),
                argumentSet(
                        "busy for long",
                        StubFault.first(2, StubFault.status(503, "Retry-After", "86400"))),
                argumentSet("failing", StubFault.each(2, StubFault.status(500))),
                argumentSet("without ranges", StubFault.withoutRanges()),
                argumentSet("endless", StubFault.endless()),
                argumentSet("wrong bytes once", StubFault.first(1, StubFault.wrongBytes())),
                argumentSet("another range", StubFault.each(3, StubFault.otherRange())),
                argumentSet("no such range", StubFault.first(2, StubFault.status(416))),
                argumentSet("packed if accepted", StubFault.packed(true)));
    }

    @ParameterizedTest
    @MethodSource("survivable")
    void arrivesAsItIsAndIsNotSeenBefore(StubFault fault) throws Exception {
        server.handle(x -> fault.answer(x, CONTENT));
        Path target = folder.resolve(NAME);
        AtomicBoolean over = new AtomicBoolean();
        List<String> seen = new ArrayList<>();
        Thread watcher =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                if (Files.exists(target)) {
                                    seen.add(digest(target));
                                    return;
                                }
                                Thread.onSpinWait();
                            }
                        });
        FileDownload.Fetched fetched = fetch(file(DIGEST));
        over.set(true);
        watcher.join();
        assertThat(fetched.isProven()).isTrue();
        assertThat(fetched.sha256()).isEqualTo(DIGEST);
        assertThat(seen).allMatch(DIGEST::equals);
        assertThat(digest(target)).isEqualTo(DIGEST);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(target);
        }
    }

    private static String digest(Path file) {
        try {
            return HubStub.hex("SHA-256", Files.readAllBytes(file));
        } catch (Exception e) {
            return e.toString();
        }
    }

    static Stream<Arguments> fatal() {
        return Stream.of(
                argumentSet("wrong bytes", StubFault.wrongBytes(), "damaged twice"),
                argumentSet("truncated to nothing", StubFault.truncated(0), "6 attempts in a row"),
                argumentSet("gone", StubFault.status(404), "status 404"),
                argumentSet("gated", StubFault.status(401), "status 401"),
                argumentSet("always busy", StubFault.status(429), "429"),
                argumentSet("packed", StubFault.packed(false), "packed"),
                argumentSet(
                        "pointer",
                        (StubFault)
                                (x, content) ->
                                        x.answer(200, "version https://git-lfs.github.com/spec/v1"),
                        "git LFS"),
                argumentSet(
                        "another size",
                        (StubFault) (x, content) -> x.content(new byte[content.length / 2]),
                        "expected 50000000 bytes"),
                argumentSet(
                        "no such range ever",
                        StubFault.status(416, "Content-Range", "bytes */17"),
                        "the server has 17"));
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void isRefusedWithTheReason(StubFault fault, String reason) {
        server.handle(x -> fault.answer(x, CONTENT));
        assertThatThrownBy(() -> fetch(file(DIGEST)))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining(reason);
        assertThat(folder.resolve(NAME)).doesNotExist();
    }

    @Test
    void wrongBytesAreDeleted() {
        server.handle(x -> StubFault.wrongBytes().answer(x, CONTENT));
        assertThatThrownBy(() -> fetch(file(DIGEST))).hasMessageContaining("deleted");
        assertThat(folder).isEmptyDirectory();
        assertThat(notes).containsExactly(NAME + " arrived damaged; it is fetched once more");
    }

    @Test
    void whatArrivedBeforeAFailureIsNotFetchedAgain() throws Exception {
        StubFault some = StubFault.first(6, StubFault.NONE);
        server.handle(x -> {
            if (server.seen().size() <= 6) {
                some.answer(x, CONTENT);
            } else {
                x.close();
            }
        });
        assertThatThrownBy(() -> fetch(file(DIGEST))).hasMessageContaining("what is here is kept");
        long before = server.served();
        assertThat(before).isPositive();
        server.forget();
        server.handle(x -> StubFault.NONE.answer(x, CONTENT));
        fetch(file(DIGEST));
        assertThat(before + server.served()).isLessThan(CONTENT.length + 1_000_000);
    }

    @Test
    void anotherFileOfThatNameIsBegunAnew() throws Exception {
        server.handle(x -> StubFault.truncated(0).answer(x, CONTENT));
        Files.write(folder.resolve(NAME + ".part"), new byte[CONTENT.length]);
        Chunks whole = new Chunks(CONTENT.length, CONTENT.length, new long[] {CONTENT.length - 1});
        RemoteFile other = file("0".repeat(64));
        Journal.of(other, null, whole).write(folder.resolve(NAME + ".journal"));
        server.handle(x -> StubFault.NONE.answer(x, CONTENT));
        assertThat(fetch(file(DIGEST)).sha256()).isEqualTo(DIGEST);
        assertThat(notes).isEmpty();
    }

    @Test
    void anUnsoundJournalIsOfNoUse() throws Exception {
        for (String journal :
                List.of(
                        "",
                        "{",
                        "[]",
                        "{\"version\":1}",
                        "{\"version\":1,\"bytes\":50000000,\"chunk\":1,\"done\":[]}",
                        "{\"version\":1,\"bytes\":50000000,\"chunk\":50000000,\"done\":[-1]}",
                        "{\"version\":1,\"bytes\":5,\"chunk\":9223372036854775807,\"done\":[99]}")) {
            Path path = folder.resolve("journal");
            Files.writeString(path, journal);
            assertThat(Journal.read(path)).isEmpty();
        }
    }

    @Test
    void aDiskThatIsTooFullIsSaidBeforeTheFirstByte() {
        try (Web web = Downloads.web(URI.create(server.url("127.0.0.1")), Downloads.impatient())) {
            FileDownload download = new FileDownload(web, place -> 1000);
            assertThatThrownBy(() -> download.fetch(file(DIGEST), folder, new Listener()))
                    .hasMessageContaining("0.05 GB are to come, 0.00 GB are free");
            assertThat(server.seen()).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsUpIsSaidAndWhatIsHereIsKept() throws Exception {
        server.throttle(20_000_000);
        long[] free = {CONTENT.length};
        try (Web web = Downloads.web(URI.create(server.url("127.0.0.1")), Downloads.impatient())) {
            DiskSpace filling = place -> free[0] -= 15_000_000;
            free[0] += 15_000_000;
            FileDownload download = new FileDownload(web, filling);
            assertThatThrownBy(() -> download.fetch(file(DIGEST), folder, new Listener()))
                    .hasMessageContaining("too full");
        }
        Journal journal = Journal.read(folder.resolve(NAME + ".journal")).orElseThrow();
        assertThat(journal.done()).hasSizeGreaterThan(1);
        server.throttle(0);
        fetch(file(DIGEST));
    }

    @Test
    void anInterruptEndsItAndTheRestIsFetchedLater() throws Exception {
        server.throttle(10_000_000);
        Thread reader = Thread.currentThread();
        Thread.ofVirtual()
                .start(() -> {
                    while (server.served() < 10_000_000) {
                        Thread.onSpinWait();
                    }
                    reader.interrupt();
                });
        assertThatThrownBy(() -> fetch(file(DIGEST))).isInstanceOf(InterruptedException.class);
        long before = server.served();
        server.forget();
        server.throttle(0);
        fetch(file(DIGEST));
        assertThat(before).isLessThan(CONTENT.length);
        assertThat(before + server.served()).isLessThan(CONTENT.length + 4_000_000L);
    }

    @Test
    void nothingMoreIsHeldThanBuffers() throws Exception {
        // The endless server sends a gigabyte after each part, if it is let.
        server.handle(x -> StubFault.endless().answer(x, CONTENT));
        fetch(file(DIGEST));
        assertThat(server.served()).isLessThan(3L * CONTENT.length);
    }

    @Test
    void gitNamesProveSmallFiles() throws Exception {
        String header = "blob " + CONTENT.length + "\0";
        String git = HubStub.hex("SHA-1", header.getBytes("US-ASCII"), CONTENT);
        RemoteFile right = new RemoteFile(file(DIGEST).uri(), NAME, CONTENT.length, null, git);
        assertThat(fetch(right).isProven()).isTrue();
        RemoteFile wrong =
                new RemoteFile(file(DIGEST).uri(), NAME, CONTENT.length, null, "0".repeat(40));
        assertThatThrownBy(() -> fetch(wrong)).hasMessageContaining("damaged twice");
    }
}
