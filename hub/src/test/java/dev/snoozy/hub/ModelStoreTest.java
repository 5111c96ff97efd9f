package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.hub.files.GgufWalk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The store: what lies in it, what it is called, and what is removed with it. */
class ModelStoreTest {
    private static final Origin ORIGIN = new Origin("hf", "pub/repo:Q4_K_M", "c0ffee");
    private static final String DIGEST = "ab".repeat(32);

    @TempDir private Path folder;

    private Path models;
    private ModelStore store;

    @BeforeEach
    void open() {
        models = folder.resolve("models");
        store = ModelStore.open(models);
    }

    private Path file(String path, String text) throws IOException {
        Path file = models.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private List<String> names() {
        return store.list().stream().map(StoredModel::name).toList();
    }

    private StoredModel add(String name, String path, String text) throws IOException {
        Path file = file(path, text);
        return store.add(
                ModelName.parse(name),
                List.of(new StoredFile(file, text.length(), DIGEST)),
                ORIGIN);
    }

    @Test
    void aStoreThatIsNotThereIsEmpty() {
        assertThat(store.list()).isEmpty();
        assertThat(store.find("anything")).isEmpty();
        assertThat(models).doesNotExist();
    }

    @Test
    void filesWithoutARecordAreModels() throws IOException {
        file("flat.gguf", "1");
        file("one/other-name.gguf", "22");
        file("pub/repo/a-Q4_K_M.gguf", "333");
        file("pub/repo/a-q8_0.gguf", "4444");
        file("pub/repo/mmproj-F16.gguf", "5");
        file("pub/repo/README.md", "6");
        file(".partial/x/x.gguf", "7");
        assertThat(names()).containsExactly("flat", "one", "pub/repo:Q4_K_M", "pub/repo:Q8_0");
        StoredModel model = store.find("pub/repo:Q8_0").orElseThrow();
        assertThat(model.bytes()).isEqualTo(4);
        assertThat(model.file()).isEqualTo(models.resolve("pub/repo/a-q8_0.gguf"));
        assertThat(model.origin()).isNull();
        assertThat(model.place()).isEqualTo(Place.STORE);
    }

    @Test
    void modelsOfOneFormatAreToldApartByTheirFiles() throws IOException {
        file("pub/repo/a-Q4_0.gguf", "1");
        file("pub/repo/b-Q4_0.gguf", "1");
        file("pub/repo.gguf", "1");
        assertThat(names()).containsExactly("pub", "pub/repo:a-Q4_0", "pub/repo:b-Q4_0");
    }

    @Test
    void theSameNameIsNotGivenTwice() throws IOException {
        file("name.gguf", "1");
        file("name/x.gguf", "1");
        file("name/x/y.gguf", "1");
        assertThat(names()).containsExactly("name", "name/x", "name:x");
    }

    @Test
    void partsOfASplitModelAreOneModel() throws IOException {
        for (int i = 1; i <= 3; i++) {
            file("big/big-Q4_K_M-0000" + i + "-of-00003.gguf", "xx");
        }
        file("bad/bad-00001-of-00002.gguf", "x");
        assertThat(names()).containsExactly("big");
        StoredModel model = store.find("big:q4_k_m").orElseThrow();
        assertThat(model.files()).hasSize(3);
        assertThat(model.bytes()).isEqualTo(6);
        assertThat(model.file().toString()).endsWith("-00001-of-00003.gguf");
        assertThat(store.listing().skipped())
                .singleElement()
                .satisfies(s -> assertThat(s.reason()).contains("expected 2 parts", "found 1"));
    }

    @Test
    void aModelIsAddedWithItsOriginAndDigest() throws IOException {
        StoredModel model = add("pub/repo:Q4_K_M", "pub/repo/a.gguf", "abc");
        assertThat(names()).containsExactly("pub/repo:Q4_K_M");
        assertThat(model.origin()).isEqualTo(ORIGIN);
        assertThat(model.files())
                .containsExactly(new StoredFile(models.resolve("pub/repo/a.gguf"), 3, DIGEST));
        assertThat(ModelStore.open(models).list()).containsExactly(model);
        assertThat(models.resolve("pub/repo/Q4_K_M.snoozy.json")).exists();
    }

    @Test
    void aFinishedDownloadIsMovedToItsPlace() throws IOException {
        Path part = store.partial().resolve("key").resolve("a.gguf");
        Files.createDirectories(part.getParent());
        Files.writeString(part, "abc");
        ModelName name = ModelName.parse("pub/repo");
        store.add(name, List.of(new StoredFile(part, 3, null)), ORIGIN);
        assertThat(part).doesNotExist();
        assertThat(store.folder(name).resolve("a.gguf")).hasContent("abc");
        assertThat(names()).containsExactly("pub/repo");
    }

    @Test
    void aModelIsReplacedAndItsOldFilesGo() throws IOException {
        add("pub/repo", "pub/repo/old.gguf", "abc");
        add("pub/repo", "pub/repo/new.gguf", "defg");
        assertThat(models.resolve("pub/repo/old.gguf")).doesNotExist();
        assertThat(store.find("pub/repo").orElseThrow().bytes()).isEqualTo(4);
    }

    @Test
    void aNameInOtherCapitalsIsTheSameName() throws IOException {
        add("pub/repo", "pub/repo/old.gguf", "abc");
        add("Pub/Repo", "Pub/Repo/new.gguf", "defg");
        assertThat(names()).containsExactly("Pub/Repo");
        assertThat(store.listing().skipped()).isEmpty();
    }

    @Test
    void aRecordIsNoFileOfAModel() throws IOException {
        Path file = file("pub/repo/x.snoozy.json", "{}");
        List<StoredFile> files = List.of(new StoredFile(file, 2, null));
        assertThatThrownBy(() -> store.add(ModelName.parse("pub/repo"), files, ORIGIN))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("found a record");
    }

    @Test
    void whatIsNotAsSaidIsNotAdded() throws IOException {
        ModelName name = ModelName.parse("pub/repo");
        Path other = Files.writeString(folder.resolve("elsewhere.gguf"), "abc");
        Path own = file("pub/repo/a.gguf", "abc");
        Path link = models.resolve("pub/repo/link.gguf");
        Files.createSymbolicLink(link, other);
        for (StoredFile file :
                List.of(
                        new StoredFile(other, 3, null),
                        new StoredFile(own, 4, null),
                        new StoredFile(link, 3, null),
                        new StoredFile(models.resolve("pub/repo/../../x.gguf"), 3, null),
                        new StoredFile(models.resolve("pub/repo/none.gguf"), 3, null))) {
            assertThatThrownBy(() -> store.add(name, List.of(file), ORIGIN))
                    .as(file.toString())
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("expected");
        }
        assertThat(models.resolve("pub/repo/snoozy.json")).doesNotExist();
    }

    @Test
    void aDownloadDoesNotReplaceAStrangersFile() throws IOException {
        file("pub/repo/a.gguf", "mine, and another");
        Path part = store.partial().resolve("a.gguf");
        Files.createDirectories(part.getParent());
        Files.writeString(part, "abc");
        assertThatThrownBy(() ->
                        store.add(
                                ModelName.parse("pub/repo"),
                                List.of(new StoredFile(part, 3, null)),
                                ORIGIN))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("there already");
        assertThat(models.resolve("pub/repo/a.gguf")).hasContent("mine, and another");
    }

    @Test
    void shortFormsAreFoundWhileOneModelHasThem() throws IOException {
        add("pub/repo:Q4_K_M", "pub/repo/Nice-7B.Q4_K_M.gguf", "1");
        file("other/thing/x.gguf", "2");
        for (String name :
                List.of(
                        "pub/repo:Q4_K_M",
                        "PUB/Repo:q4_k_m",
                        "repo:q4_k_m",
                        "repo",
                        "pub/repo",
                        "nice-7b.q4_k_m",
                        "store:repo")) {
            assertThat(store.find(name)).as(name).isPresent();
        }
        assertThat(store.find("rep")).isEmpty();
        assertThat(store.find("")).isEmpty();
        assertThat(store.find("../models/pub/repo")).isEmpty();
        file("pub/repo/Nice-7B.Q8_0.gguf", "3");
        assertThat(store.find("repo:q8_0")).isPresent();
        assertThat(store.find("pub")).isEmpty();
    }

    @Test
    void anAmbiguousNameIsRefusedWithTheCandidates() throws IOException {
        file("a/repo/x-Q4_0.gguf", "1");
        file("a/repo/x-Q8_0.gguf", "2");
        file("b/repo/y-Q8_0.gguf", "3");
        assertThatThrownBy(() -> store.find("repo"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("a/repo:Q4_0 or a/repo:Q8_0 or b/repo")
                .hasMessageContaining("cure");
        assertThat(store.find("repo:Q4_0").orElseThrow().name()).isEqualTo("a/repo:Q4_0");
        assertThatThrownBy(() -> store.find("repo:Q8_0")).isInstanceOf(HubException.class);
        assertThatThrownBy(() -> store.remove("repo")).isInstanceOf(HubException.class);
        assertThat(store.list()).hasSize(3);
    }

    @Test
    void aRemovedModelLeavesNothing() throws IOException {
        add("pub/repo:Q4_K_M", "pub/repo/a.gguf", "abc");
        assertThat(store.remove("repo")).isEqualTo(3);
        assertThat(models.resolve("pub")).doesNotExist();
        assertThat(models).exists();
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.remove("repo"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no model");
    }

    @Test
    void whatElseLiesInTheFolderStays() throws IOException {
        add("pub/repo", "pub/repo/a.gguf", "abc");
        Path mine = file("pub/repo/notes.txt", "mine");
        store.remove("pub/repo");
        assertThat(mine).exists();
    }

    @Test
    void aCopyIsAnotherNameForTheSameBytes() throws IOException {
        StoredModel first = add("pub/repo:Q4_K_M", "pub/repo/a.gguf", "abc");
        StoredModel copy = store.copy("repo", "mine");
        assertThat(copy.origin()).isEqualTo(ORIGIN);
        assertThat(Files.isSameFile(copy.file(), first.file())).isTrue();
        assertThat(copy.files().getFirst().sha256()).isEqualTo(DIGEST);
        assertThat(store.remove("pub/repo:Q4_K_M")).isZero();
        assertThat(store.find("mine").orElseThrow().file()).hasContent("abc");
        assertThat(store.remove("mine")).isEqualTo(3);
    }

    @Test
    void aCopyBesideItsOriginalSharesTheFile() throws IOException {
        StoredModel first = add("pub/repo:one", "pub/repo/a.gguf", "abc");
        StoredModel second = store.copy("pub/repo:one", "pub/repo:two");
        assertThat(second.file()).isEqualTo(first.file());
        assertThat(names()).containsExactly("pub/repo:one", "pub/repo:two");
        assertThat(store.remove("pub/repo:one")).isZero();
        assertThat(names()).containsExactly("pub/repo:two");
        assertThat(first.file()).exists();
        assertThat(store.remove("pub/repo:two")).isEqualTo(3);
        assertThat(first.file()).doesNotExist();
    }

    @Test
    void aCopyOfAPlainFileLeavesItsOwnName() throws IOException {
        Path file = file("pub/repo/a.gguf", "abc");
        store.copy("pub/repo", "pub/repo:two");
        assertThat(names()).containsExactly("pub/repo", "pub/repo:two");
        assertThat(store.remove("pub/repo")).isZero();
        assertThat(names()).containsExactly("pub/repo:two");
        assertThat(file).exists();
    }

    @Test
    void aNameThatIsTakenOrNoneIsRefused() throws IOException {
        file("one.gguf", "1");
        file("two.gguf", "2");
        assertThatThrownBy(() -> store.copy("one", "TWO"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("taken");
        assertThatThrownBy(() -> store.copy("three", "four"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no model");
        for (String bad :
                List.of("../x", "a/../b", "/etc/x", "a\\b", "", ".", "a/b/c:..", "C:/x")) {
            assertThatThrownBy(() -> store.copy("one", bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(folder).isDirectoryNotContaining(p -> !p.equals(models));
    }

    @Test
    void aLinkedFileIsAModelAndOnlyTheLinkIsRemoved() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.gguf"), "abc");
        Files.createDirectories(models);
        Files.createSymbolicLink(models.resolve("linked.gguf"), outside);
        assertThat(names()).containsExactly("linked");
        assertThat(store.remove("linked")).isZero();
        assertThat(outside).exists();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void aFileInALinkedFolderIsAModelAndIsNeverRemoved() throws IOException {
        Path outside = folder.resolve("outside");
        Files.createDirectories(outside);
        Path file = Files.writeString(outside.resolve("x.gguf"), "abc");
        Files.createDirectories(models);
        Files.createSymbolicLink(models.resolve("linked"), outside);
        assertThat(names()).containsExactly("linked");
        assertThatThrownBy(() -> store.remove("linked"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("outside of the store");
        assertThat(file).exists();
    }

    @Test
    void foldersThatLinkInACircleAreLookedAtOnce() throws IOException {
        file("a/x.gguf", "1");
        Files.createSymbolicLink(models.resolve("a/loop"), models);
        Files.createSymbolicLink(models.resolve("b"), models.resolve("a"));
        assertThat(names()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.gguf",
                "pub/../../outside.gguf",
                "/outside.gguf",
                "pub/./x.gguf",
                "pub//x.gguf",
                "C:/outside.gguf",
                "..\\\\outside.gguf",
                "pub/x\\u0000.gguf",
                ""
            })
    void aRecordNeverLeadsOutOfTheStore(String path) throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.gguf"), "abc");
        file("pub/repo/snoozy.json", record("pub/repo", path));
        assertThat(store.list()).isEmpty();
        assertThat(store.listing().skipped())
                .singleElement()
                .satisfies(s -> assertThat(s.reason()).contains("outside of the store"));
        assertThatThrownBy(() -> store.remove("pub/repo")).isInstanceOf(HubException.class);
        assertThat(outside).exists();
    }

    private static String record(String name, String path) {
        return """
        {"version": 1, "name": "%s", "added": "2026-01-01T00:00:00Z",
         "files": [{"path": "%s", "bytes": 3}]}
        """
                .formatted(name, path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{\"version\": 1",
                "[]",
                "{}",
                "{\"version\": 2, \"name\": \"pub/repo\"}",
                "{\"version\": 1, \"name\": \"pub/repo\", \"files\": []}",
                "{\"version\": 1, \"name\": 1, \"files\": [{\"path\": \"pub/repo/a.gguf\"}]}",
                "{\"version\": 1, \"name\": \"../x\", \"added\": \"2026-01-01T00:00:00Z\","
                        + " \"files\": [{\"path\": \"pub/repo/a.gguf\"}]}",
                "{\"version\": 1, \"name\": \"pub/repo\", \"added\": \"yesterday\","
                        + " \"files\": [{\"path\": \"pub/repo/a.gguf\"}]}"
            })
    void aBrokenRecordIsToldAndItsFilesAreModelsOfTheirOwn(String text) throws IOException {
        file("pub/repo/snoozy.json", text);
        file("pub/repo/a.gguf", "abc");
        assertThat(names()).containsExactly("pub/repo");
        assertThat(store.listing().skipped()).hasSize(1);
    }

    @Test
    void aRecordThatWasMovedIsNotBelieved() throws IOException {
        file("other/place/snoozy.json", record("pub/repo", "pub/repo/a.gguf"));
        file("pub/repo/a.gguf", "abc");
        assertThat(names()).containsExactly("pub/repo");
        assertThat(store.listing().skipped().getFirst().reason()).contains("elsewhere");
    }

    @Test
    void aRecordWithoutItsFileIsToldAndCanBeRemoved() throws IOException {
        StoredModel model = add("pub/repo", "pub/repo/a.gguf", "abc");
        Files.delete(model.file());
        assertThat(store.list()).isEmpty();
        assertThat(store.listing().skipped().getFirst().reason()).contains("a.gguf is missing");
        assertThatThrownBy(() -> store.copy("pub/repo", "x")).isInstanceOf(HubException.class);
        assertThat(store.remove("pub/repo")).isZero();
        assertThat(store.listing().skipped()).isEmpty();
    }

    @Test
    void aFileThatHasChangedIsNoLongerTheProvenOne() throws IOException {
        StoredModel model = add("pub/repo", "pub/repo/a.gguf", "abc");
        Files.writeString(model.file(), "changed");
        StoredFile now = store.find("pub/repo").orElseThrow().files().getFirst();
        assertThat(now.bytes()).isEqualTo(7);
        assertThat(now.sha256()).isNull();
    }

    @Test
    void aHugeFolderIsNotLookedThroughToTheEnd() throws IOException {
        for (int i = 0; i < 9; i++) {
            file("many/f" + i + ".gguf", "x");
        }
        GgufWalk walk = GgufWalk.of(models, Place.STORE, 2, true, name -> true, 6);
        assertThat(walk.files()).hasSize(5);
        assertThat(walk.skipped())
                .singleElement()
                .satisfies(s -> assertThat(s.reason()).contains("more than 6 entries"));
    }

    @Test
    void folderThatCannotBeWrittenIsRefusedWithACure() throws IOException {
        Files.writeString(models, "a file where the folder should be");
        assertThatThrownBy(() -> store.remove("x"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("cure");
    }
}
