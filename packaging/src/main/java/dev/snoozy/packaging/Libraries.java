package dev.snoozy.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The libraries of others that the program is made of, and their licences. */
final class Libraries {
    private static final String NAMES = "licences.txt";
    private static final String OURS = "snoozy-";

    /** Of a library, the licence that we take. */
    record Licensed(Pom pom, Path jar, String licence) {}

    private Libraries() {}

    /**
     * Those of a class path in a local Maven repository.
     *
     * @throws PackagingException if one has no licence of those that we know
     */
    static List<Licensed> of(List<Path> classPath) throws IOException {
        Map<String, String> known = knownNames();
        List<Licensed> libraries = new ArrayList<>();
        for (Path jar : classPath) {
            if (isOurs(jar)) {
                continue;
            }
            Pom pom = Pom.beside(jar);
            libraries.add(new Licensed(pom, jar, chosen(pom, known)));
        }
        libraries.sort((a, b) -> key(a.pom()).compareTo(key(b.pom())));
        return libraries;
    }

    /** In a reactor our own are jars, or folders of classes, of the modules. */
    static boolean isOurs(Path entry) {
        return Files.isDirectory(entry) || entry.getFileName().toString().startsWith(OURS);
    }

    private static String key(Pom pom) {
        return pom.group() + ":" + pom.artifact();
    }

    static String chosen(Pom pom, Map<String, String> known) {
        for (Map.Entry<String, String> entry : known.entrySet()) {
            if (pom.licences().contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        throw new PackagingException(
                key(pom)
                        + " has the licences "
                        + pom.licences()
                        + ", expected one of "
                        + known.keySet()
                        + "; cure: if it may be shipped, name it in "
                        + NAMES
                        + " and add its text to src/main/licences");
    }

    /** Names, as POMs write them, to those of the texts, in order of preference. */
    static Map<String, String> knownNames() {
        try (InputStream in = Libraries.class.getResourceAsStream(NAMES)) {
            if (in == null) {
                throw new IllegalStateException(NAMES + " is missing in the build");
            }
            Map<String, String> names = new LinkedHashMap<>();
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] words = line.strip().split("\\s+", 2);
                    names.put(words[1], words[0]);
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the list of them, the texts of the licences, and the notices that are in the jars. */
    static void writeLicences(List<Licensed> libraries, Path texts, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        StringBuilder list =
                new StringBuilder("The libraries in this program, and their licences.\n\n");
        SortedSet<String> licences = new TreeSet<>();
        for (Licensed library : libraries) {
            Pom pom = library.pom();
            licences.add(library.licence());
            list.append(
                    "%-14s%s:%s %s (%s)%n"
                            .formatted(
                                    library.licence(),
                                    pom.group(),
                                    pom.artifact(),
                                    pom.version(),
                                    pom.name())
                            .replace(System.lineSeparator(), "\n"));
            copyNotice(library, folder);
        }
        list.append("\nThe Java runtime has its own, in the folder legal of lib/runtime.\n");
        Files.writeString(folder.resolve("THIRD-PARTY.txt"), list);
        for (String licence : licences) {
            String file = licence + ".txt";
            Files.copy(texts.resolve(file), folder.resolve(file));
        }
    }

    private static void copyNotice(Licensed library, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(library.jar().toFile())) {
            for (String name : List.of("META-INF/NOTICE", "META-INF/NOTICE.txt")) {
                ZipEntry entry = zip.getEntry(name);
                if (entry != null) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        String file = library.pom().artifact() + "-" + library.pom().version();
                        Files.write(folder.resolve(file + "-NOTICE.txt"), in.readNBytes(1 << 20));
                    }
                    return;
                }
            }
        }
    }
}
