package dev.snoozy.hub;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.testkit.ClassPlace;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.File;

/** The class path of a process that a test starts. */
final class ClassPath {
    private ClassPath() {}

    /** All that this module and its tests use, however the tests themselves were started. */
    static String ofTests() {
        return String.join(
                File.pathSeparator,
                ClassPlace.of(ClassPath.class),
                ClassPlace.of(ModelStore.class),
                ClassPlace.of(AtomicFile.class),
                ClassPlace.of(JsonMapper.class),
                ClassPlace.of(JacksonException.class),
                ClassPlace.of(JsonInclude.class));
    }
}
