package dev.snoozy.hub.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Tells how much room there is on the disk of a file. */
@FunctionalInterface
public interface DiskSpace {
    /** Bytes that can be written where a file or folder lies. */
    long free(Path place) throws IOException;

    /** What the system says. */
    static DiskSpace ofSystem() {
        return place -> Files.getFileStore(place).getUsableSpace();
    }

    /**
     * Refuses what does not fit.
     *
     * @throws DownloadException if there is less room than is needed
     */
    default void check(Path place, long need) throws IOException {
        long free = free(place);
        if (free < need) {
            throw new DownloadException(
                    String.format(
                            Locale.ROOT,
                            "the disk is too full: %.2f GB are to come, %.2f GB are free where the"
                                    + " models lie; cure: make room, or another folder in"
                                    + " SNOOZY_HOME; what is here is kept",
                            need / 1e9,
                            free / 1e9));
        }
    }
}
