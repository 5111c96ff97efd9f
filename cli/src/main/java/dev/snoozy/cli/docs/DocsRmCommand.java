package dev.snoozy.cli.docs;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.WrongUseException;
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
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code snoozy docs rm}: takes places out of a collection, or removes it. */
@Command(
        name = "rm",
        description = {
            "Take files and folders out of a collection, or remove it with --all.",
            "The documents themselves are never touched."
        },
        footer = {"", "Example:", "  snoozy docs rm ~/Documents/old"},
        mixinStandardHelpOptions = true)
final class DocsRmCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "places that were added")
    private List<Path> places = List.of();

    @Mixin private CollectionFlags collections = new CollectionFlags();

    @Option(names = "--all", description = "remove the whole collection")
    private boolean all;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What {@code --json} prints after a whole collection. */
    record Removed(String collection, boolean removed) {}

    @Override
    public Integer call() throws IOException {
        if (all != places.isEmpty()) {
            throw new WrongUseException("docs rm: expected either places or --all");
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String name = collections.existing();
        if (all) {
            boolean removed = CollectionFlags.library().remove(name);
            out.println(
                    json
                            ? Json.write(new Removed(name, removed))
                            : "removed the collection " + name);
            out.flush();
            return 0;
        }
        try (DocumentCollection collection = CollectionFlags.library().open(name)) {
            collection.remove(places);
            Updating.print(Updating.run(collection, Optional.empty(), err), json, out, err);
        }
        return 0;
    }
}
