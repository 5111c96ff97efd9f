package dev.snoozy.studio.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

class DatabaseTest {
    @TempDir Path folder;

    private Path file() {
        return folder.resolve("snoozy.db");
    }

    private static Chat chat(String title) {
        return Chat.begin(title, "", "", Json.object());
    }

    @Test
    void whatWasWrittenIsThereAfterOpeningAgain() {
        try (Database database = Database.open(file())) {
            new Chats(database).add(chat("first"));
        }
        try (Database database = Database.open(file())) {
            assertThat(new Chats(database).all()).extracting(Chat::title).containsExactly("first");
            assertThat(database.notice()).isEmpty();
        }
    }

    @Test
    void aTransactionThatFailsChangesNothing() {
        try (Database database = Database.open(file())) {
            assertThatThrownBy(() ->
                            database.write(session -> {
                                session.update(
                                        "INSERT INTO folders(id, name, created) VALUES ('a', 'b',"
                                                + " 1)");
                                throw new IllegalStateException("stop");
                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(new Folders(database).all()).isEmpty();
            new Folders(database).add("next");
            assertThat(new Folders(database).all()).hasSize(1);
        }
    }

    @Test
    void aSecondOneIsRefusedWhileTheFirstIsOpen() {
        try (Database database = Database.open(file())) {
            assertThat(database.notice()).isEmpty();
            assertThatThrownBy(() -> Database.open(file()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use by another Snoozy");
        }
        Database.open(file()).close();
    }

    @Test
    void aFileThatIsNoDatabaseIsMovedAsideWhole() throws IOException {
        byte[] rubbish = "this is no database, but somebody may want it back".repeat(99).getBytes();
        Files.write(file(), rubbish);
        try (Database database = Database.open(file())) {
            assertThat(database.notice()).contains("was damaged").contains(".broken-");
            new Chats(database).add(chat("new"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> aside = files.filter(f -> f.toString().contains(".broken-")).toList();
            assertThat(aside).hasSize(1);
            assertThat(Files.readAllBytes(aside.getFirst())).isEqualTo(rubbish);
        }
    }

    @Test
    void aDatabaseWithDamagedPagesIsMovedAside() throws IOException {
        try (Database database = Database.open(file())) {
            Chats chats = new Chats(database);
            for (int i = 0; i < 200; i++) {
                chats.add(chat("chat " + i + " ".repeat(300)));
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        for (int i = bytes.length / 4; i < bytes.length / 2; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.write(file(), bytes);
        try (Database database = Database.open(file())) {
            assertThat(database.notice()).contains("was damaged");
            assertThat(new Chats(database).all()).isEmpty();
        }
    }

    @Test
    void aFileOfANewerVersionIsLeftAlone() throws SQLException, IOException {
        Database.open(file()).close();
        try (Connection connection = Database.connect(file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> Database.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer Snoozy")
                .hasMessageContaining("99");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void aClosedOneSaysSo() {
        Database database = Database.open(file());
        database.close();
        database.close();
        assertThatThrownBy(() -> new Chats(database).all())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("shutting down");
    }
}
