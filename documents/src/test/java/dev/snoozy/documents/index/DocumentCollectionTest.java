package dev.snoozy.documents.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.FileState.Status;
import dev.snoozy.documents.index.SearchRequest.Method;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collections: what an update reads, what a search finds. */
class DocumentCollectionTest {
    private static Extractor extractor;

    @TempDir private Path home;
    @TempDir private Path folder;

    private DocumentLibrary library;
    private DocumentCollection collection;

    @BeforeAll
    static void start() {
        extractor = new Extractor(ExtractionLimits.defaults(), 2);
    }

    @AfterAll
    static void end() {
        extractor.close();
    }

    @BeforeEach
    void open() throws IOException {
        library = new DocumentLibrary(home.resolve("collections"));
        collection = library.openOrCreate("mine");
        collection.add(List.of(folder));
    }

    @AfterEach
    void close() throws IOException {
        collection.close();
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private UpdateReport update() throws Exception {
        return update(Optional.empty());
    }

    private UpdateReport update(Optional<Embedder> embedder) throws Exception {
        return collection.update(embedder, extractor, (done, total, file, changed) -> {});
    }

    private List<Hit> search(String question) throws IOException {
        return search(SearchRequest.of(question, 10));
    }

    private List<Hit> search(SearchRequest request) throws IOException {
        return collection.search(request, Optional.empty(), Optional.empty());
    }

    @Test
    void onlyWhatIsNewOrHasChangedIsRead() throws Exception {
        assertThat(search("anything")).isEmpty();
        Path a = write("a.txt", "The harbour is frozen.");
        Path b = write("sub/b.md", "# Boats\n\nThe boats are painted green.");
        assertThat(update()).isEqualTo(new UpdateReport(2, 2, 0, 0, 0, List.of()));
        assertThat(search("frozen harbours")).extracting(Hit::file).containsExactly(a);
        assertThat(search("painting boats").getFirst().chunk().line()).isEqualTo(1);
        assertThat(update().read()).isZero();
        Files.setLastModifiedTime(a, FileTime.from(Instant.ofEpochSecond(1_000_000)));
        assertThat(update().read()).as("touched, not changed").isZero();
        write("a.txt", "The harbour has thawed.");
        assertThat(update().read()).isEqualTo(1);
        assertThat(search("frozen")).isEmpty();
        assertThat(search("thawed")).hasSize(1);
        Files.delete(b);
        assertThat(update()).isEqualTo(new UpdateReport(1, 0, 0, 1, 0, List.of()));
        assertThat(search("boats")).isEmpty();
        assertThat(collection.files()).extracting(FileState::path).containsExactly(a);
    }

    @Test
    void aFileThatCannotBeReadIsToldWithItsReason() throws Exception {
        write("a.pdf", "no pdf");
        write("b.txt", "  \n ");
        assertThat(update().failed()).isEqualTo(1);
        assertThat(collection.files())
                .extracting(FileState::status)
                .containsExactly(Status.FAILED, Status.EMPTY);
        assertThat(collection.files().getFirst().message()).contains("does not begin like one");
        assertThat(update().read()).as("not tried again as it is").isZero();
        write("a.pdf", "no pdf either");
        assertThat(update().read()).isEqualTo(1);
    }

    @Test
    void documentsOfAPlaceThatIsNotThereAreKept() throws Exception {
        write("a.txt", "The lighthouse is white.");
        update();
        Path moved = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, moved);
        assertThat(update()).isEqualTo(new UpdateReport(1, 0, 0, 0, 0, List.of(folder)));
        assertThat(search("lighthouse")).hasSize(1);
        Files.move(moved, folder);
        collection.remove(List.of(folder));
        assertThat(update().removed()).isEqualTo(1);
        assertThat(search("lighthouse")).isEmpty();
    }

    @Test
    void filters() throws Exception {
        Path a = write("x/a.txt", "A tall tree.");
        Path b = write("xy/b.md", "A tall house.");
        Files.setLastModifiedTime(a, FileTime.from(Instant.parse("2020-05-01T00:00:00Z")));
        Files.setLastModifiedTime(b, FileTime.from(Instant.parse("2024-05-01T00:00:00Z")));
        update();
        SearchRequest tall = SearchRequest.of("tall", 10);
        assertThat(search(tall)).hasSize(2);
        assertThat(search(tall.withBelow(List.of(folder.resolve("x")))))
                .extracting(Hit::file)
                .containsExactly(a);
        assertThat(search(tall.withBelow(List.of(b)))).extracting(Hit::file).containsExactly(b);
        assertThat(search(tall.withEndings(List.of(".MD"))))
                .extracting(Hit::file)
                .containsExactly(b);
        Optional<Instant> year = Optional.of(Instant.parse("2022-01-01T00:00:00Z"));
        assertThat(search(tall.withTimes(year, Optional.empty())))
                .extracting(Hit::file)
                .containsExactly(b);
        assertThat(search(tall.withTimes(Optional.empty(), year)))
                .extracting(Hit::file)
                .containsExactly(a);
    }

    @Test
    void anotherEmbedderEmbedsAgainAndReadsNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("f" + i + ".txt", "Text number " + i + " is about ships and sails.");
        }
        assertThat(update().read()).isEqualTo(5);
        WordEmbedder first = new WordEmbedder("first", 16);
        assertThat(update(Optional.of(first)))
                .isEqualTo(new UpdateReport(5, 0, 5, 0, 0, List.of()));
        assertThat(first.embedded()).isEqualTo(5);
        assertThat(update(Optional.of(first)).embedded()).isZero();
        WordEmbedder wide = new WordEmbedder("wide", 2048);
        assertThat(update(Optional.of(wide)).embedded()).isEqualTo(5);
        SearchRequest ships = SearchRequest.of("sails and ships", 3).withMethod(Method.VECTORS);
        List<Hit> hits = collection.search(ships, Optional.of(wide), Optional.empty());
        assertThat(hits).hasSize(3);
        assertThat(hits.getFirst().similarity().orElseThrow()).isGreaterThan(0.5);
    }

    @Test
    void wordsAndVectorsAreFusedAndAJudgeOrdersThem() throws Exception {
        write("a.txt", "Zebras graze on the plain.");
        write("b.txt", "The plain truth about accounting.");
        write("c.txt", "Nothing of the kind.");
        Optional<Embedder> embedder = Optional.of(new WordEmbedder("w", 64));
        update(embedder);
        SearchRequest zebras = SearchRequest.of("zebras on the plain", 3);
        List<Hit> fused = collection.search(zebras, embedder, Optional.empty());
        assertThat(fused.getFirst().file().getFileName()).hasToString("a.txt");
        // Rank 1 of both lists: 1/61 each.
        assertThat(fused.getFirst().score()).isEqualTo(2.0 / 61);
        Reranker judge =
                (question, passages) -> {
                    float[] scores = new float[passages.size()];
                    for (int i = 0; i < scores.length; i++) {
                        scores[i] = passages.get(i).contains("accounting") ? 1 : 0;
                    }
                    return scores;
                };
        List<Hit> judged = collection.search(zebras, embedder, Optional.of(judge));
        assertThat(judged.getFirst().file().getFileName()).hasToString("b.txt");
    }

    @Test
    void wordsAreFoundInTheirLanguage() throws Exception {
        write(
                "de.txt",
                "Die Verträge wurden von den Parteien am Freitag in der Stadt unterschrieben, und"
                        + " sie sind nicht zu ändern.");
        write("ja.txt", "東京都は日本の首都です。契約は来年の五月に終わります。");
        update();
        assertThat(search("Vertrag").getFirst().file().getFileName()).hasToString("de.txt");
        assertThat(search("契約").getFirst().file().getFileName()).hasToString("ja.txt");
        Hit hit = search("Vertrag").getFirst();
        assertThat(hit.highlights())
                .extracting(s -> hit.chunk().text().substring(s.start(), s.end()))
                .containsExactly("Verträge");
    }

    @Test
    void anInterruptedUpdateKeepsWhatItHasDone() throws Exception {
        for (int i = 0; i < 60; i++) {
            write("f%02d.txt".formatted(i), "Text number " + i);
        }
        List<Path> done = new ArrayList<>();
        assertThatThrownBy(() ->
                        collection.update(
                                Optional.empty(),
                                extractor,
                                (number, total, file, changed) -> {
                                    done.add(file.path());
                                    if (number == 20) {
                                        Thread.currentThread().interrupt();
                                    }
                                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("told by the exception").isIn(true, false);
        assertThat(collection.files()).extracting(FileState::path).containsAll(done);
        UpdateReport rest = update();
        assertThat(rest.files()).isEqualTo(60);
        assertThat(rest.read()).isLessThanOrEqualTo(40);
    }

    @Test
    void collectionsHaveNamesAndAreRemoved() throws Exception {
        assertThat(library.names()).containsExactly("mine");
        assertThat(library.only()).contains("mine");
        Path file = write("a.txt", "text");
        update();
        assertThatThrownBy(() -> library.open("../mine")).isInstanceOf(DocumentsException.class);
        assertThatThrownBy(() -> library.open("other"))
                .isInstanceOf(DocumentsException.class)
                .hasMessageContaining("[mine]");
        collection.close();
        assertThat(library.remove("mine")).isTrue();
        assertThat(library.remove("mine")).isFalse();
        assertThat(library.names()).isEmpty();
        assertThat(file).exists();
    }
}
