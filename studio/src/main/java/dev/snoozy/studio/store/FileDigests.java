package dev.snoozy.studio.store;

import java.nio.file.Path;
import java.util.Optional;

/** Digests of files, as long as the files are what they were. Thread-safe. */
public final class FileDigests {
    private final Database database;

    public FileDigests(Database database) {
        this.database = database;
    }

    /** The digest of a file of this size and time, if it is known. */
    public Optional<String> find(Path file, long bytes, long modified) {
        return database.read(session ->
                session.first(
                        "SELECT digest FROM digests WHERE file = ? AND bytes = ? AND modified = ?",
                        row -> row.text("digest"),
                        file.toAbsolutePath().toString(),
                        bytes,
                        modified));
    }

    /** Keeps a digest. */
    public void put(Path file, long bytes, long modified, String digest) {
        database.write(session ->
                session.update(
                        "INSERT OR REPLACE INTO digests(file, bytes, modified, digest) VALUES (?,"
                                + " ?, ?, ?)",
                        file.toAbsolutePath().toString(),
                        bytes,
                        modified,
                        digest));
    }
}
