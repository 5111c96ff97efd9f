package dev.snoozy.cli.docs;

import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.PlaceWatcher;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy docs update}: reads what is new or has changed. */
@Command(
        name = "update",
        description = "Read what is new or has changed in a collection's places.",
        footer = {"", "Example:", "  snoozy docs update --watch"},
        mixinStandardHelpOptions = true)
final class DocsUpdateCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Mixin private CollectionFlags collections = new CollectionFlags();

    @Option(names = "--watch", description = "go on as files change, until Ctrl-C")
    private boolean watch;

    @Option(names = "--json", description = "print a JSON object for each update, nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String name = collections.existing();
        try (DocumentCollection collection = CollectionFlags.library().open(name);
                Embedders model = Embedders.load(collection.settings().embedder(), err)) {
            if (!watch) {
                Updating.print(Updating.run(collection, model.embedder(), err), json, out, err);
                return 0;
            }
            try (PlaceWatcher watcher = new PlaceWatcher(collection.settings().places())) {
                while (true) {
                    Updating.print(Updating.run(collection, model.embedder(), err), json, out, err);
                    watcher.await();
                }
            } catch (InterruptedException e) {
                return 0;
            }
        }
    }
}
