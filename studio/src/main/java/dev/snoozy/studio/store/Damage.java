package dev.snoozy.studio.store;

import org.sqlite.SQLiteErrorCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** Files that are no sound databases any more. */
final class Damage {
    private static final Set<Integer> CODES =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);
    private static final int PRIMARY_CODE = 0xFF;

    private Damage() {}

    /**
     * Whether a file is no sound database.
     *
     * @throws SQLException if that cannot be found out, as when it may not be read
     */
    static boolean isDamaged(Path file) throws SQLException {
        try (Connection connection = Database.connect(file);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            return !result.next() || !"ok".equals(result.getString(1));
        } catch (SQLException e) {
            if (CODES.contains(e.getErrorCode() & PRIMARY_CODE)) {
                return true;
            }
            throw e;
        }
    }

    /** Moves a file and what belongs to it to other names beside it; returns what to say. */
    static String moveAside(Path file) throws IOException {
        String time =
                LocalDateTime.now(ZoneId.systemDefault())
                        .format(DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT));
        Path aside = file.resolveSibling(file.getFileName() + ".broken-" + time);
        for (int i = 2; Files.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + ".broken-" + time + "-" + i);
        }
        Files.move(file, aside);
        for (String part : new String[] {"-wal", "-shm"}) {
            Path beside = file.resolveSibling(file.getFileName() + part);
            if (Files.exists(beside)) {
                Files.move(beside, aside.resolveSibling(aside.getFileName() + part));
            }
        }
        return file.getFileName()
                + " was damaged; it lies as "
                + aside.getFileName()
                + " in the same folder, untouched, and a new one has begun; cure: put a backup in"
                + " its place, or recover it (sqlite3 FILE .recover)";
    }
}
