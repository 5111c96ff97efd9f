package dev.snoozy.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Where test data lies, and how it is read. */
public final class Data {
    private Data() {}

    /** The root of the repository. */
    public static Path root() {
        Path folder = Path.of(System.getProperty("snoozy.root", "")).toAbsolutePath();
        while (!Files.exists(folder.resolve("snoozy.cmd"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "not inside the repository: " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    /**
     * The folder of reference data beside the repository ({@code ../shared/data}), or the one
     * SNOOZY_DATA names. It need not exist: tests on it are skipped then.
     */
    public static Path shared() {
        String given = System.getenv("SNOOZY_DATA");
        return given != null ? Path.of(given) : root().resolveSibling("shared").resolve("data");
    }

    /** A file's bytes, unpacked if its name ends in {@code .gz}. */
    public static byte[] read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return file.toString().endsWith(".gz")
                    ? new GZIPInputStream(in).readAllBytes()
                    : in.readAllBytes();
        }
    }
}
