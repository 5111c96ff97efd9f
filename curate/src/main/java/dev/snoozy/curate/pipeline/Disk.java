package dev.snoozy.curate.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/** Writing to the disk, which may be full. */
final class Disk {
    private Disk() {}

    /** Something that writes. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /**
     * Writes, and says of a failure where it was and what to do.
     *
     * @throws IOException if it fails; what lies in complete files stays for the next run
     */
    static void write(Path folder, Writing writing) throws IOException {
        try {
            writing.run();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to %s: %s; cure: make room there, and the same command goes on"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }
}
