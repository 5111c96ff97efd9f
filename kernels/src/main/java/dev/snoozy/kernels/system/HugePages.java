package dev.snoozy.kernels.system;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the system gave the huge pages that it was asked for: Linux tells in its files.
 *
 * @param rollup a summary of the memory of this process
 * @param setting when the system gives huge pages
 */
public record HugePages(Path rollup, Path setting) {
    private static final String FIELD = "AnonHugePages:";

    /** Those of this process. */
    public static HugePages here() {
        return new HugePages(
                Path.of("/proc/self/smaps_rollup"),
                Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
    }

    /** Why the system gives none, or null if it gives them to who asks. */
    public @Nullable String obstacle() {
        if (SystemFunctions.system() != SystemFunctions.Name.LINUX) {
            return System.getProperty("os.name", "") + " gives none";
        }
        try {
            return Files.readString(setting).contains("[never]") ? "they are turned off" : null;
        } catch (IOException e) {
            return Files.exists(setting) ? null : "this kernel has none";
        }
    }

    /**
     * Why less than half of so many bytes are on huge pages, or null if more are, or none knows.
     */
    public @Nullable String missing(long bytes) {
        String obstacle = obstacle();
        if (obstacle != null) {
            return obstacle;
        }
        try {
            long huge = huge(Files.readString(rollup));
            return huge >= bytes / 2
                    ? null
                    : (huge >> 20) + " of " + (bytes >> 20) + " MB are on huge pages";
        } catch (IOException e) {
            return null; // an older kernel does not tell
        }
    }

    private static long huge(String text) {
        int at = text.indexOf(FIELD);
        int end = at < 0 ? -1 : text.indexOf("kB", at);
        return end < 0
                ? Long.MAX_VALUE
                : Long.parseLong(text.substring(at + FIELD.length(), end).strip()) << 10;
    }
}
