package dev.snoozy.hub;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.snoozy.format.AtomicFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The class path of a process that a test starts. */
final class ClassPath {
    private ClassPath() {}

    /** All that this module and its tests use, however the tests themselves were started. */
    static String ofTests() throws URISyntaxException {
        return String.join(
                File.pathSeparator,
                place(ClassPath.class),
                place(ModelStore.class),
                place(AtomicFile.class),
                place(JsonMapper.class),
                place(JacksonException.class),
                place(JsonInclude.class));
    }

    /** The folder or archive that a class comes from. */
    private static String place(Class<?> type) throws URISyntaxException {
        String name = type.getName().replace('.', '/') + ".class";
        URL url = type.getResource(type.getSimpleName() + ".class");
        String found = String.valueOf(url);
        found =
                found.startsWith("jar:")
                        ? found.substring("jar:".length(), found.indexOf("!/"))
                        : found.substring(0, found.length() - name.length());
        return Path.of(new URI(found)).toString();
    }
}
