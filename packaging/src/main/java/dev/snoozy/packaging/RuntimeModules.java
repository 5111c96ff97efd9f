package dev.snoozy.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The modules of the JDK that the program is given, as {@code runtime-modules.txt} lists them.
 *
 * @param found those that the class files ask for
 * @param added those that nothing in the class files shows
 * @param leftOut those that the class files ask for, and that are not given
 */
record RuntimeModules(SortedSet<String> found, SortedSet<String> added, SortedSet<String> leftOut) {
    private static final String FILE = "runtime-modules.txt";

    static RuntimeModules listed() {
        try (InputStream in = RuntimeModules.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing in the build");
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RuntimeModules of(List<String> lines) {
        RuntimeModules modules =
                new RuntimeModules(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", 3);
            switch (words[0]) {
                case "+" -> modules.added.add(words[1]);
                case "-" -> modules.leftOut.add(words[1]);
                default -> modules.found.add(words[0]);
            }
        }
        return modules;
    }

    /** What jlink is given. */
    SortedSet<String> given() {
        SortedSet<String> given = new TreeSet<>(found);
        given.addAll(added);
        return given;
    }
}
