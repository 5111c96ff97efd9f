package dev.snoozy.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * Writes a file that is there as a whole or not at all: into a temporary file beside it, forced to
 * disk, then moved onto its name.
 */
public final class AtomicFile {
    private static final SecureRandom UNIQUE = new SecureRandom();

    private AtomicFile() {}

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void write(FileChannel channel) throws IOException;
    }

    /** Writes a file; see the class. An older file of that name is untouched until the end. */
    public static void write(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException(
                    "expected the name of a file to write, found the folder " + target);
        }
        // Not a temporary file of the JDK: those are for their owner's eyes only.
        String unique = Long.toUnsignedString(UNIQUE.nextLong(), Character.MAX_RADIX);
        Path temporary = folder.resolve("." + target.getFileName() + "-" + unique + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.write(channel);
                channel.force(true);
            }
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
