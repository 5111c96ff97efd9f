package dev.snoozy.cook;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file or folder that a recipe cannot do without.
 *
 * @param path where it is expected
 * @param what it is for
 * @param from where it is to be had, in words; empty if the recipe does not say
 * @param licence its terms; empty if the recipe does not say
 * @param bytes about how large it is if it is not there, 0 if the recipe does not say
 */
public record Need(Path path, String what, String from, String licence, long bytes) {
    /** Whether it is there. */
    public boolean isThere() {
        return Files.exists(path);
    }
}
