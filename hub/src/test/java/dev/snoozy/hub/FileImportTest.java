package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Models that lie anywhere are taken into the store. */
class FileImportTest {
    private static final byte[] MODEL = TinyModel.llama().bytes();

    @TempDir private Path folder;
    private Path elsewhere;
    private ModelStore store;

    @BeforeEach
    void open() throws IOException {
        elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        store = ModelStore.open(folder.resolve("models"));
    }

    private Path file(String name) throws IOException {
        return Files.write(elsewhere.resolve(name), MODEL);
    }

    private StoredModel add(FileImport files) throws InterruptedException {
        return store.add(files, files.name(), done -> {});
    }

    @Test
    void aFileIsUsedWhereItLies() throws Exception {
        Path file = file("my model (new).Q8_0.gguf");
        StoredModel model = add(FileImport.of(file, false));
        assertThat(model.name()).isEqualTo("my-model-new-.Q8_0");
        assertThat(Files.isSameFile(model.file(), file)).as("no copy").isTrue();
        assertThat(requireNonNull(model.origin()).source()).isEqualTo("file");
        assertThat(store.find(model.name())).isPresent();
        store.remove(model.name());
        assertThat(file).as("only the link is removed").hasBinaryContent(MODEL);
    }

    @Test
    void aCopyLivesByItself() throws Exception {
        Path file = file("own.gguf");
        List<Long> told = new ArrayList<>();
        FileImport files = FileImport.of(file, true);
        StoredModel model = store.add(files, ModelName.parse("me/mine:Q8_0"), told::add);
        assertThat(Files.isSameFile(model.file(), file)).isFalse();
        assertThat(model.file()).hasBinaryContent(MODEL).startsWith(store.root());
        assertThat(model.files().getFirst().sha256()).isEqualTo(HubStub.hex("SHA-256", MODEL));
        assertThat(told).last().isEqualTo((long) MODEL.length);
        assertThat(store.partial()).isEmptyDirectory();
    }

    @Test
    void aCopyThatIsCancelledLeavesNothing() throws Exception {
        FileImport files = FileImport.of(file("own.gguf"), true);
        assertThatThrownBy(() ->
                        store.add(
                                files,
                                files.name(),
                                done -> {
                                    throw new IllegalStateException("cancelled");
                                }))
                .hasMessage("cancelled");
        assertThat(store.list()).isEmpty();
        assertThat(store.partial()).isEmptyDirectory();
    }

    @Test
    void allPartsOfASplitModelAreTaken() throws Exception {
        List<byte[]> shards = TwoShards.of(elsewhere);
        assertThat(shards).hasSize(2);
        Path second = elsewhere.resolve("m-00002-of-00002.gguf");
        StoredModel model = add(FileImport.of(second, false));
        assertThat(model.name()).isEqualTo("m");
        assertThat(model.files()).hasSize(2);
        Files.delete(second);
        assertThatThrownBy(() -> FileImport.of(elsewhere, true))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("expected 2 parts beside each other, found 1");
    }

    @Test
    void aFolderMeansItsOnlyModel() throws Exception {
        assertThatThrownBy(() -> FileImport.of(elsewhere, false))
                .hasMessageContaining("no GGUF model");
        file("one.gguf");
        assertThat(FileImport.of(elsewhere, false).name()).hasToString("one");
        file("two.gguf");
        assertThatThrownBy(() -> FileImport.of(elsewhere, false))
                .hasMessageContaining("several models");
    }

    @Test
    void whatIsNoModelIsRefusedWithItsReason() throws Exception {
        Path text = Files.writeString(elsewhere.resolve("a.txt"), "badgers");
        Path broken = Files.writeString(elsewhere.resolve("b.gguf"), "GGUF and no more");
        assertThatThrownBy(() -> FileImport.of(text, false)).hasMessageContaining("GGUF");
        assertThatThrownBy(() -> FileImport.of(broken, false))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no model that can be used");
        assertThatThrownBy(() -> FileImport.of(elsewhere.resolve("none.gguf"), false))
                .hasMessageContaining("no file of this name");
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        for (boolean copies : new boolean[] {false, true}) {
            FileImport files = FileImport.of(file("same.gguf"), copies);
            if (!copies) {
                add(files);
            }
            assertThatThrownBy(() -> add(files))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("is taken");
        }
        assertThat(store.list()).hasSize(1);
    }
}
