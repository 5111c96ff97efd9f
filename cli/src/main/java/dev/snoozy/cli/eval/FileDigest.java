package dev.snoozy.cli.eval;

import dev.snoozy.cli.Progress;
import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SHA-256 of a file, with progress for large ones. */
final class FileDigest {
    private FileDigest() {}

    /** In hexadecimal. */
    static String of(Path file) throws IOException {
        try (Progress progress = Progress.of("digest of " + file.getFileName(), Files.size(file))) {
            return Sha256.of(file, progress::done);
        }
    }
}
