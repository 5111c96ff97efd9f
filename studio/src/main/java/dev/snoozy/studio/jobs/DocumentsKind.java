package dev.snoozy.studio.jobs;

import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.UpdateReport;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.DocumentJson;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;

/**
 * {@code documents}: a collection is brought to the state of its files. What was done is kept when
 * it is stopped, so that it goes on from there. Field: {@code collection}.
 */
final class DocumentsKind implements JobKind {
    private final DocumentRoom room;

    DocumentsKind(DocumentRoom room) {
        this.room = room;
    }

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public Lane lane() {
        return Lane.DISK;
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public String title(Fields request) {
        String name = request.requiredString("collection");
        room.require(name);
        return "Read the documents of " + name;
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        String name = request.requiredString("collection");
        try {
            UpdateReport report =
                    room.update(
                            name,
                            (done, total, file, changed) -> {
                                progress.at(done, total, "files");
                                if (changed) {
                                    tell(file, progress);
                                }
                            });
            ObjectNode result = Json.object().put("collection", name);
            result.put("files", report.files()).put("read", report.read());
            result.put("embedded", report.embedded()).put("removed", report.removed());
            result.put("failed", report.failed());
            ArrayNode missing = result.putArray("missing");
            report.missing().forEach(place -> missing.add(place.toString()));
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; what was read is kept, and a retry goes on", e);
        }
    }

    private static void tell(FileState file, JobProgress progress) {
        progress.row(DocumentJson.file(file));
        if (file.status() != FileState.Status.INDEXED) {
            progress.log(
                    DocumentFields.word(file.status())
                            + ": "
                            + file.path()
                            + ": "
                            + file.message());
        }
    }
}
