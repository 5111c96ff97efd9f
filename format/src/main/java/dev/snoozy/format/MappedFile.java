package dev.snoozy.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps files into memory, read-only. */
final class MappedFile {
    private MappedFile() {}

    /**
     * Maps a whole file.
     *
     * @param kind what it should be, for messages
     * @throws FormatException if it is a folder, a device or a pipe
     * @throws NoSuchFileException if it does not exist
     */
    static MemorySegment map(Path path, String kind, Arena arena) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FormatException(
                    "expected a %s file, found the folder %s".formatted(kind, path));
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isRegularFile(path)) {
            throw new FormatException("expected a regular file, found a device or pipe: " + path);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
