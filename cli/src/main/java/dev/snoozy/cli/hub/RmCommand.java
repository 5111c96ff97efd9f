package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code snoozy rm}: removes models of the user's own folder. */
@Command(
        name = "rm",
        description =
                "Remove models of your own folder. Those of other programs are never removed.",
        footer = {
            "",
            "Example:",
            "  snoozy rm user/repository:Q4_K_M",
            "  snoozy rm -y mine yours"
        },
        mixinStandardHelpOptions = true)
public final class RmCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "names of models")
    private List<String> names = List.of();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask; needed where nobody can be asked")
    private boolean yes;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What became of a model. */
    record Removed(String name, @JsonProperty("freed_bytes") long freed) {}

    /** What {@code --json} prints. */
    record Result(List<Removed> removed) {}

    /**
     * A model that is meant.
     *
     * @param bytes that its files have, 0 if they are missing
     */
    private record Target(String name, long bytes) {}

    @Override
    public Integer call() {
        if (!yes && !Input.isTerminal()) {
            throw new WrongUseException(
                    "rm: expected --yes beside it, since nobody can be asked here");
        }
        ModelLibrary library = Models.library();
        List<Target> targets = new ArrayList<>();
        for (String name : names) {
            targets.add(target(name, library)); // all are known before one is removed
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Removed> removed = new ArrayList<>();
        for (Target target : targets) {
            if (yes || agreed(target)) {
                long freed = library.store().remove(target.name());
                removed.add(new Removed(target.name(), freed));
                if (!json) {
                    say(out, target.name(), freed);
                }
            }
        }
        if (json) {
            out.println(Json.write(new Result(removed)));
        }
        out.flush();
        return 0;
    }

    private static void say(PrintWriter out, String name, long freed) {
        String text =
                freed == 0
                        ? "no bytes are freed: they have another name, or lie elsewhere"
                        : Printable.bytes(freed) + " are free";
        out.printf("removed %s; %s%n", Printable.text(name, 200), text);
    }

    /** The model of a name; what the store has only a record of is known to the store. */
    private static Target target(String name, ModelLibrary library) {
        try {
            Optional<StoredModel> own = library.store().find(name);
            if (own.isPresent()) {
                return new Target(own.get().name(), own.get().bytes());
            }
            Optional<StoredModel> other = library.find(name);
            if (other.isPresent()) {
                throw new WrongUseException(refusal(other.get()));
            }
        } catch (HubException e) {
            throw new WrongUseException(String.valueOf(e.getMessage()));
        }
        return new Target(name, 0);
    }

    private static String refusal(StoredModel model) {
        return model.place() == Place.INSTALLATION
                ? model.name() + " comes with Snoozy and is not removed"
                : "%s is a model of %s, whose files are left alone; cure: remove it there"
                        .formatted(model.name(), model.place().word());
    }

    private static boolean agreed(Target target) {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        String answer =
                console.readLine(
                        "remove %s (%s)? [y/N] ",
                        Printable.text(target.name(), 200), Printable.bytes(target.bytes()));
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
