package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.hub.store.ModelRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Several processes and threads change one store while others read it. */
class StoreProcessesTest {
    private static final int ROUNDS = 8;

    @TempDir private Path folder;

    @Test
    void twoProcessesAndTwoThreadsLoseNothingAndReadersSeeWholeRecords() throws Exception {
        ModelStore store = ModelStore.open(folder);
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Process other = start("there");
            Process third = start("elsewhere");
            Future<Integer> reader = threads.submit(() -> read(store, over));
            List<Future<Void>> writers = new ArrayList<>();
            for (String word : List.of("here", "too")) {
                writers.add(threads.submit(changes(store, word)));
            }
            for (Future<Void> writer : writers) {
                writer.get();
            }
            assertThat(output(other)).contains("done");
            assertThat(output(third)).contains("done");
            assertThat(other.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(third.waitFor(1, TimeUnit.MINUTES)).isTrue();
            over.set(true);
            assertThat(reader.get()).isPositive();
        }
        List<String> expected = new ArrayList<>(List.of("all/common"));
        for (String word : List.of("there", "elsewhere", "here", "too")) {
            for (int round = 0; round < ROUNDS; round++) {
                expected.add("copy/" + word + ":r" + round);
            }
        }
        assertThat(store.list().stream().map(StoredModel::name))
                .containsExactlyInAnyOrderElementsOf(expected);
        for (StoredModel model : store.list()) {
            Origin origin = Objects.requireNonNull(model.origin());
            assertThat(model.file()).hasContent("GGUF " + origin.reference());
        }
        assertThat(store.listing().skipped()).isEmpty();
        assertThat(folder.resolve("own")).doesNotExist();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Callable<Void> changes(ModelStore store, String word) {
        return () -> {
            for (int round = 0; round < ROUNDS; round++) {
                StoreProcess.change(store, word, round);
            }
            return null;
        };
    }

    /** Reads all the time; a record that is half there would be told as one that is broken. */
    private static int read(ModelStore store, AtomicBoolean over) {
        int looks = 0;
        while (!over.get()) {
            Listing listing = store.listing();
            for (SkippedFile file : listing.skipped()) {
                assertThat(file.reason()).doesNotContain("understood", "version", "lacks");
            }
            for (StoredModel model : listing.models()) {
                assertThat(model.bytes()).isPositive();
                String name = model.name();
                Origin origin = model.origin();
                if (origin != null && name.contains(":r")) {
                    String expected = name.substring(name.indexOf('/') + 1).replace(":r", "");
                    assertThat(origin.reference()).isEqualTo(expected);
                }
            }
            looks++;
        }
        return looks;
    }

    private Process start(String word) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.ofTests(),
                        StoreProcess.class.getName(),
                        folder.toString(),
                        word,
                        Integer.toString(ROUNDS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aRecordThatIsWrittenIsNeverSeenInPart() throws Exception {
        Path file = folder.resolve("pub").resolve("repo").resolve("snoozy.json");
        Files.createDirectories(file.getParent());
        List<ModelRecord.Item> items = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            items.add(new ModelRecord.Item("pub/repo/" + i + ".gguf", i, null));
        }
        ModelRecord record =
                new ModelRecord(ModelName.parse("pub/repo"), items, Instant.EPOCH, null, false);
        record.write(file);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Void> writer =
                    threads.submit(() -> {
                        for (int i = 0; i < 40; i++) {
                            record.write(file);
                        }
                        return null;
                    });
            while (!writer.isDone()) {
                assertThat(ModelRecord.read(file)).isEqualTo(record);
            }
            writer.get();
        }
    }
}
