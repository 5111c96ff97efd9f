package dev.snoozy.cli.docs;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.Progress;
import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.UpdateReport;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings a collection up to date for a command: progress, and what could not be read. */
final class Updating {
    private static final int WORKERS = 2;

    /** What {@code --json} prints. */
    record Result(
            String collection,
            int files,
            int read,
            int embedded,
            int removed,
            int failed,
            String embedder,
            List<String> missing,
            @JsonProperty("not_read") List<NotRead> notRead) {}

    /** A file without text, and why. */
    record NotRead(String file, String status, String why) {}

    private Updating() {}

    /** Updates, and interrupts that at Ctrl-C: what is done is kept. */
    static Result run(DocumentCollection collection, Optional<Embedder> embedder, PrintWriter err)
            throws IOException {
        List<NotRead> notRead = new ArrayList<>();
        try (Interruptible interruptible = Interruptible.begin();
                Extractor extractor = new Extractor(ExtractionLimits.defaults(), WORKERS);
                Progress progress = Progress.of("reading documents", 0)) {
            UpdateReport report =
                    collection.update(
                            embedder,
                            extractor,
                            (done, total, file, changed) -> {
                                progress.done(done, total);
                                if (file.status() != FileState.Status.INDEXED) {
                                    notRead.add(notRead(file));
                                }
                            });
            return new Result(
                    collection.settings().name(),
                    report.files(),
                    report.read(),
                    report.embedded(),
                    report.removed(),
                    report.failed(),
                    collection.settings().embedder(),
                    report.missing().stream().map(Path::toString).toList(),
                    notRead);
        } catch (InterruptedException e) {
            err.println("snoozy: interrupted; what was read is kept, and the next update goes on");
            err.flush();
            throw new IOException("interrupted", e);
        }
    }

    private static NotRead notRead(FileState file) {
        String status = file.status() == FileState.Status.FAILED ? "failed" : "empty";
        return new NotRead(file.path().toString(), status, file.message());
    }

    static void print(Result result, boolean json, PrintWriter out, PrintWriter err) {
        if (json) {
            out.println(Json.write(result));
            out.flush();
            return;
        }
        for (NotRead file : result.notRead()) {
            err.printf(
                    "%s: %s: %s%n",
                    file.status(),
                    Printable.text(file.file(), 400),
                    Printable.text(file.why(), 400));
        }
        for (String place : result.missing()) {
            err.println("not there now, its documents are kept: " + Printable.text(place, 400));
        }
        err.flush();
        out.printf(
                "%s: %d files, %d read, %d removed, %d failed; %s%n",
                result.collection(),
                result.files(),
                result.read(),
                result.removed(),
                result.failed(),
                result.embedder().isEmpty()
                        ? "found by words alone: no embedder is chosen (--embedder MODEL)"
                        : "found by words and by vectors of " + Printable.line(result.embedder()));
        out.flush();
    }
}
