package dev.snoozy.cli.docs;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.documents.index.CollectionSettings;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.FileState.Status;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy docs status}: what the collections have. */
@Command(
        name = "status",
        description = "Tell what collections have, and which files could not be read and why.",
        footer = {"", "Example:", "  snoozy docs status --files"},
        mixinStandardHelpOptions = true)
final class DocsStatusCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "collections (default: all)")
    private List<String> names = List.of();

    @Option(names = "--files", description = "tell every file, not only those not read")
    private boolean files;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** A file, as {@code --json} prints it. */
    record FileEntry(
            String path,
            String status,
            String message,
            String type,
            String title,
            long bytes,
            int chunks) {}

    /** A collection, as {@code --json} prints it. */
    record CollectionEntry(
            String name,
            List<String> places,
            String embedder,
            int indexed,
            int empty,
            int failed,
            int chunks,
            @JsonProperty("without_vectors") int withoutVectors,
            List<FileEntry> files) {}

    /** What {@code --json} prints. */
    record Result(List<CollectionEntry> collections) {}

    @Override
    public Integer call() throws IOException {
        DocumentLibrary library = CollectionFlags.library();
        List<CollectionEntry> entries = new ArrayList<>();
        for (String name : names.isEmpty() ? library.names() : names) {
            try (DocumentCollection collection = library.open(name)) {
                entries.add(entry(collection));
            }
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(Json.write(new Result(entries)));
        } else if (entries.isEmpty()) {
            out.println("no collections; snoozy docs add FOLDER makes one");
        } else {
            entries.forEach(entry -> print(entry, out));
        }
        out.flush();
        return 0;
    }

    private CollectionEntry entry(DocumentCollection collection) throws IOException {
        CollectionSettings settings = collection.settings();
        int[] counts = new int[Status.values().length];
        int chunks = 0;
        int without = 0;
        List<FileEntry> shown = new ArrayList<>();
        for (FileState file : collection.files()) {
            counts[file.status().ordinal()]++;
            chunks += file.chunks();
            without += file.chunks() > 0 && file.embedder().isEmpty() ? 1 : 0;
            if (files || file.status() != Status.INDEXED) {
                shown.add(
                        new FileEntry(
                                file.path().toString(),
                                file.status().name().toLowerCase(Locale.ROOT),
                                file.message(),
                                file.type(),
                                file.title(),
                                file.bytes(),
                                file.chunks()));
            }
        }
        return new CollectionEntry(
                settings.name(),
                settings.places().stream().map(Path::toString).toList(),
                settings.embedder(),
                counts[Status.INDEXED.ordinal()],
                counts[Status.EMPTY.ordinal()],
                counts[Status.FAILED.ordinal()],
                chunks,
                without,
                shown);
    }

    private static void print(CollectionEntry entry, PrintWriter out) {
        out.printf(
                "%s: %d files with %d passages, %d without text, %d failed; %s%n",
                entry.name(),
                entry.indexed(),
                entry.chunks(),
                entry.empty(),
                entry.failed(),
                entry.embedder().isEmpty()
                        ? "words alone"
                        : "words and vectors of " + Printable.line(entry.embedder()));
        entry.places().forEach(place -> out.println("  over " + Printable.text(place, 400)));
        for (FileEntry file : entry.files()) {
            String message = file.message().isEmpty() ? "" : ": " + file.message();
            out.printf(
                    "  %-8s %s%s%n",
                    file.status(), Printable.text(file.path(), 400), Printable.text(message, 400));
        }
    }
}
