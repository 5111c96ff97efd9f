package dev.snoozy.documents.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.testkit.ClassPlace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** An update whose process is killed: what was committed stays, and the next one goes on. */
class KilledUpdateTest {
    private static final int FILES = 1500;
    private static final int KILLS = Integer.getInteger("snoozy.documents.kills", 3);

    @TempDir private Path home;
    @TempDir private Path folder;

    /** The process that is killed: it updates, and says how many files are done. */
    public static final class Updating {
        private Updating() {}

        public static void main(String[] args) throws Exception {
            DocumentLibrary library = new DocumentLibrary(Path.of(args[0]));
            try (DocumentCollection collection = library.openOrCreate("killed");
                    Extractor extractor = new Extractor(ExtractionLimits.defaults(), 2)) {
                collection.add(List.of(Path.of(args[1])));
                collection.update(
                        Optional.empty(),
                        extractor,
                        (done, total, file, changed) -> {
                            if (changed) {
                                System.out.println(done);
                            }
                        });
                System.out.println("end");
            }
        }
    }

    @Test
    void nothingIndexedIsLostAndNothingIsReadTwice() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < FILES; i++) {
            StringBuilder text = new StringBuilder("marker" + i + " begins.\n\n");
            for (int w = 0; w < 100; w++) {
                text.append("word").append(random.nextInt(500)).append(w % 10 == 9 ? ".\n" : " ");
            }
            Files.writeString(folder.resolve("f%04d.txt".formatted(i)), text);
        }
        DocumentLibrary library = new DocumentLibrary(home);
        Set<Path> before = Set.of();
        for (int kill = 0; kill < KILLS; kill++) {
            killAfter(random.nextInt(FILES / (2 * KILLS)), random.nextInt(1200));
            try (DocumentCollection collection = library.open("killed")) {
                Set<Path> now =
                        collection.files().stream()
                                .map(FileState::path)
                                .collect(Collectors.toCollection(HashSet::new));
                assertThat(now).as("what was there is there").containsAll(before);
                before = now;
                for (Path file : now.stream().limit(20).toList()) {
                    assertThat(collection.passages(file)).isNotEmpty();
                }
            }
        }
        try (DocumentCollection collection = library.open("killed");
                Extractor extractor = new Extractor(ExtractionLimits.defaults(), 2)) {
            UpdateReport report =
                    collection.update(Optional.empty(), extractor, (d, t, f, c) -> {});
            assertThat(report.files()).isEqualTo(FILES);
            assertThat(report.read()).isEqualTo(FILES - before.size());
            for (int i = 0; i < FILES; i += 97) {
                SearchRequest marker = SearchRequest.of("marker" + i, 2);
                List<Hit> hits = collection.search(marker, Optional.empty(), Optional.empty());
                assertThat(hits)
                        .extracting(Hit::file)
                        .containsExactly(folder.resolve("f%04d.txt".formatted(i)));
            }
        }
    }

    /** Kills an update some time after it has read some files. */
    private void killAfter(int files, int millis) throws Exception {
        String classPath = ClassPlace.path(KilledUpdateTest.class, DocumentCollection.class);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                Updating.class.getName(),
                                home.toString(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int seen = 0;
            String line = out.readLine();
            while (line != null && !line.equals("end") && seen++ < files) {
                line = out.readLine();
            }
            Thread.sleep(millis);
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
