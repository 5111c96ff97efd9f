package dev.snoozy.studio.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** The tables, and how those of an older version become those of this one. */
final class Schema {
    /** How many scripts there are; script N makes version N of N - 1. */
    static final int VERSION = 2;

    /** "snoz", by which tools know whose file it is. */
    private static final int APPLICATION = 0x736E6F7A;

    private Schema() {}

    /**
     * Brings a file to this version. Before an older file changes, a copy of it is made.
     *
     * @throws StoreException if a newer version has written it
     */
    static void migrate(Connection connection, Path file) throws SQLException, IOException {
        int found = version(connection);
        if (found > VERSION) {
            throw new StoreException(
                    file
                            + " was written by a newer Snoozy: expected version "
                            + VERSION
                            + " or less, found "
                            + found
                            + "; cure: a newer Snoozy, or another folder (SNOOZY_HOME)");
        }
        if (found > 0 && found < VERSION) {
            Path copy = file.resolveSibling(file.getFileName() + ".v" + found);
            Files.deleteIfExists(copy);
            execute(connection, "VACUUM INTO '" + copy.toString().replace("'", "''") + "'");
        }
        for (int version = found + 1; version <= VERSION; version++) {
            execute(
                    connection,
                    "BEGIN IMMEDIATE;\n"
                            + script(version)
                            + "PRAGMA user_version = "
                            + version
                            + ";\nPRAGMA application_id = "
                            + APPLICATION
                            + ";\nCOMMIT;");
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA user_version")) {
            return result.getInt(1);
        }
    }

    private static void execute(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(script);
        }
    }

    private static String script(int version) {
        String name = "schema-" + version + ".sql";
        try (InputStream in =
                Objects.requireNonNull(Schema.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
