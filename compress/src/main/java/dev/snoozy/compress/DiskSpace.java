package dev.snoozy.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Asks before hours of work whether their result will find room. */
public final class DiskSpace {
    private static final double GIB = 1L << 30;

    private DiskSpace() {}

    /**
     * Requires room for a file.
     *
     * @throws IOException if there is no folder for it, or too little room in it
     */
    public static void require(Path target, long bytes) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(
                    "cannot write %s: there is no folder %s; cure: make it"
                            .formatted(target, folder));
        }
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < bytes) {
            throw new IOException(
                    "cannot write %s: it needs %s, and the disk has %s left; cure: another folder"
                            .formatted(target, gib(bytes), gib(room)));
        }
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.3g GiB", bytes / GIB);
    }
}
