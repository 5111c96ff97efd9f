package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Printable;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.RemoteModel;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.List;

/**
 * What {@code pull} says; {@code --json} prints it as it is.
 *
 * @param bytes of all files, -1 if only their server knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PullReport(
        String name,
        @JsonProperty("dry_run") boolean dryRun,
        long bytes,
        From origin,
        List<File> files,
        @Nullable RemoteFit memory) {
    /** A file, by its name there or its path here. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record File(String file, long bytes, @Nullable String sha256) {}

    /** Where it comes from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record From(String source, String reference, @Nullable String revision) {
        static From of(Origin origin) {
            return new From(origin.source(), origin.reference(), origin.revision());
        }
    }

    static PullReport of(RemoteModel model, @Nullable RemoteFit fit) {
        List<File> files =
                model.files().stream().map(f -> new File(f.name(), f.bytes(), f.sha256())).toList();
        return new PullReport(
                model.name().toString(), true, model.bytes(), From.of(model.origin()), files, fit);
    }

    static PullReport of(RemoteModel model, StoredModel stored, @Nullable RemoteFit fit) {
        List<File> files =
                stored.files().stream()
                        .map(f -> new File(f.file().toString(), f.bytes(), f.sha256()))
                        .toList();
        return new PullReport(
                stored.name(), false, stored.bytes(), From.of(model.origin()), files, fit);
    }

    void print(PrintWriter out) {
        if (dryRun) {
            out.printf("%s: would be fetched from %s%n", name, origin.reference());
        } else {
            out.printf("pulled %s%n", name);
        }
        for (File file : files) {
            out.printf(
                    "  %s  %s  %s%n",
                    Printable.text(file.file(), 300),
                    file.bytes() < 0 ? "of unknown size" : Printable.bytes(file.bytes()),
                    file.sha256() == null
                            ? "no digest"
                            : "sha256:" + file.sha256().substring(0, 12));
        }
        if (memory != null) {
            out.printf("  %s%n", memory.text());
        }
        if (!dryRun) {
            out.printf("  snoozy run %s%n", name);
        }
    }
}
