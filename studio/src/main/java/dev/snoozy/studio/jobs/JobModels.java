package dev.snoozy.studio.jobs;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.models.ModelFiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The models that jobs read by their names, and the folder into which they write. Immutable and
 * thread-safe.
 *
 * @param files those that are there
 * @param folder for new ones
 */
record JobModels(ModelFiles files, Path folder) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    /** The file of the model that a field names. */
    Path find(Fields request, String field) {
        String name = request.requiredString(field);
        Optional<ModelFiles.Entry> found = files.find(name);
        return found.orElseThrow(
                        () -> request.invalid(field, "expected a known model, found " + name))
                .file();
    }

    /** The file that a new model of this name gets, which must not be there. */
    Path target(Fields request, String field) {
        String name = request.requiredString(field);
        if (!name.matches(NAME)) {
            throw request.invalid(field, "expected letters, digits, dots, _ and -, found " + name);
        }
        Path file = folder.resolve(name.endsWith(".gguf") ? name : name + ".gguf");
        if (Files.exists(file)) {
            throw HttpProblem.invalid(
                    field, "expected a name that is free, found a model called " + name);
        }
        return file;
    }
}
