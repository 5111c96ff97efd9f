package dev.snoozy.cli.hub;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.hub.Environment;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.Place;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code snoozy list}: the models on this machine. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List the models on this machine, those of other programs too.",
        footer = {
            "",
            "Example:",
            "  snoozy list",
            "  snoozy list --no-foreign --json",
            "  snoozy list --catalogue",
            "",
            "SNOOZY_FOREIGN=off leaves other programs alone for all commands; ollama,jan looks only",
            "there; -ollama everywhere else."
        },
        mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--foreign",
            negatable = true,
            description =
                    "whether to list models of Ollama, LM Studio, GPT4All, Hugging Face, llama.cpp"
                            + " and Jan (default: as SNOOZY_FOREIGN says, else yes)")
    private @Nullable Boolean foreign;

    @Option(
            names = {"-a", "--all"},
            description = "also tell what cannot be used, and why")
    private boolean all;

    @Option(
            names = "--catalogue",
            description = "list well-known models that can be had instead; asks nobody")
    private boolean catalogue;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (catalogue) {
            print(CatalogueReport.here(), out);
            return 0;
        }
        Environment environment = Environment.here();
        ModelLibrary library = Models.library(environment, places(environment));
        ListReport report = ListReport.of(library);
        if (json) {
            out.println(Json.write(report));
        } else {
            report.print(out, all);
        }
        out.flush();
        return 0;
    }

    private void print(CatalogueReport report, PrintWriter out) {
        if (json) {
            out.println(Json.write(report));
        } else {
            report.print(out);
        }
        out.flush();
    }

    private Set<Place> places(Environment environment) {
        if (foreign == null) {
            return environment.foreign();
        }
        Set<Place> places = EnumSet.allOf(Place.class);
        places.removeIf(place -> !foreign || !place.isForeign());
        return places;
    }
}
