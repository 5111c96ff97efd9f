package dev.snoozy.testkit;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where classes lie, for the class path of a process that a test starts. */
public final class ClassPlace {
    private ClassPlace() {}

    /** The folder or archive that a class comes from, also if it was patched into a module. */
    public static String of(Class<?> type) {
        String name = type.getName().replace('.', '/') + ".class";
        URL url = type.getResource(name.substring(name.lastIndexOf('/') + 1));
        String found = String.valueOf(url);
        if (found.startsWith("jar:")) {
            found = found.substring("jar:".length(), found.indexOf("!/"));
        } else {
            found = found.substring(0, found.length() - name.length());
        }
        return Path.of(URI.create(found)).toString();
    }

    /** The places of classes, and all that this process itself was started with. */
    public static String path(Class<?>... types) {
        return Stream.concat(
                        Arrays.stream(types).map(ClassPlace::of),
                        Stream.of(
                                System.getProperty("java.class.path", ""),
                                System.getProperty("jdk.module.path", "")))
                .filter(place -> !place.isEmpty())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }
}
