package dev.snoozy.cli.docs;

import dev.snoozy.cli.Models;
import dev.snoozy.documents.index.DocumentCollection;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy docs add}: puts files and folders into a collection. */
@Command(
        name = "add",
        description = "Add files and folders to a collection, and read what is new in it.",
        footer = {"", "Example:", "  snoozy docs add ~/Documents --embedder nomic-embed"},
        mixinStandardHelpOptions = true)
final class DocsAddCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "files and folders")
    private List<Path> places = List.of();

    @Mixin private CollectionFlags collections = new CollectionFlags();

    @Option(
            names = "--embedder",
            paramLabel = "MODEL",
            description =
                    "the model for vectors of the whole collection, or none for words alone"
                            + " (default: what the collection has; none at first)")
    private @Nullable String embedder;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        if (embedder != null && !embedder.equals("none")) {
            Models.find(embedder); // known before anything is changed
        }
        try (DocumentCollection collection =
                CollectionFlags.library().openOrCreate(collections.name())) {
            collection.add(places);
            if (embedder != null) {
                collection.setEmbedder(embedder.equals("none") ? "" : embedder);
            }
            try (Embedders model = Embedders.load(collection.settings().embedder(), err)) {
                Updating.Result result = Updating.run(collection, model.embedder(), err);
                Updating.print(result, json, spec.commandLine().getOut(), err);
            }
        }
        return 0;
    }
}
