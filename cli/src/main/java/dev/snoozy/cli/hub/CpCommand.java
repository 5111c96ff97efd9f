package dev.snoozy.cli.hub;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy cp}: another name for a model. */
@Command(
        name = "cp",
        description =
                "Give a model another name in your own folder, without copying its bytes. A model of"
                        + " another program stays yours when that program removes it.",
        footer = {"", "Example:", "  snoozy cp llama3.2:3b mine/llama"},
        mixinStandardHelpOptions = true)
public final class CpCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "the name of a model")
    private String from = "";

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "its other name, as publisher/name:tag or name")
    private String to = "";

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What {@code --json} prints. */
    record Result(String name, List<String> files) {}

    @Override
    public Integer call() {
        ModelName name = ModelName.parse(to);
        StoredModel copy = copy(Models.library(), name);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            List<String> files = copy.files().stream().map(file -> file.file().toString()).toList();
            out.println(Json.write(new Result(copy.name(), files)));
        } else {
            out.printf("%s is also %s%n", Printable.text(from, 200), copy.name());
        }
        out.flush();
        return 0;
    }

    private StoredModel copy(ModelLibrary library, ModelName name) {
        StoredModel model;
        try {
            model =
                    library.find(from)
                            .orElseThrow(() ->
                                    new WrongUseException(
                                            "no model %s; cure: snoozy list shows what is there"
                                                    .formatted(from)));
        } catch (HubException e) {
            throw new WrongUseException(String.valueOf(e.getMessage()));
        }
        return library.store().copy(model, name);
    }
}
