package dev.snoozy.packaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The program that this build makes. */
final class Program {
    private Program() {}

    static Path root() {
        return Path.of(System.getProperty("snoozy.root"));
    }

    /** Its class path, which the build writes down before the tests. */
    static List<Path> classPath() throws IOException {
        return Packaging.classPath(root().resolve("packaging", "target", "class-path"));
    }
}
