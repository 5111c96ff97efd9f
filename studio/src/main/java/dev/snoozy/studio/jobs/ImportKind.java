package dev.snoozy.studio.jobs;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * {@code import}: a model that lies elsewhere on this machine, checked, and used where it is or
 * copied. Fields: {@code path}, {@code name} (else one after the file), {@code copy}.
 */
final class ImportKind implements JobKind {
    private final ModelFiles files;

    ImportKind(ModelFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "import";
    }

    @Override
    public Lane lane() {
        return Lane.DISK;
    }

    @Override
    public String title(Fields request) {
        return (request.bool("copy", false) ? "Copy " : "Add ") + found(request).name();
    }

    private ModelFiles.Import found(Fields request) {
        String path = request.requiredString("path").strip();
        try {
            return files.importing(
                    Path.of(path),
                    request.string("name").orElse("").strip(),
                    request.bool("copy", false));
        } catch (InvalidPathException e) {
            throw request.invalid("path", "expected the path of a file on this machine");
        }
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        ModelFiles.Import found = found(request);
        long bytes = Math.max(1, found.bytes());
        try {
            found.run(done -> progress.at(done, bytes, "bytes"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; nothing was changed", e);
        }
        return Json.object().put("name", found.name()).put("bytes", found.bytes());
    }
}
