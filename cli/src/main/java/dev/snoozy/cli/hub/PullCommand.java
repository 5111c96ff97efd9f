package dev.snoozy.cli.hub;

import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.hub.RemoteModel;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy pull}: a model from the network into the user's own folder. */
@Command(
        name = "pull",
        description =
                "Download a model, verified. What is interrupted goes on where it was when the same"
                        + " command is given again.",
        footer = {
            "",
            "REFERENCE is user/repository[:QUANT] of Hugging Face, ollama://name[:tag], or the",
            "address of a GGUF file. Without QUANT, Q4_K_M is taken, or what is nearest to it.",
            "",
            "Example:",
            "  snoozy pull bartowski/Llama-3.2-3B-Instruct-GGUF",
            "  snoozy pull bartowski/Llama-3.2-3B-Instruct-GGUF:Q8_0 --dry-run",
            "  snoozy pull ollama://llama3.2:3b",
            "  snoozy pull https://example.org/model.gguf"
        },
        mixinStandardHelpOptions = true)
public final class PullCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "REFERENCE", description = "what to download")
    private String reference = "";

    @Option(
            names = "--file",
            paramLabel = "NAME",
            description = "a file of the repository, or a number format such as Q8_0")
    private @Nullable String file;

    @Option(
            names = "--dry-run",
            description = "tell what would be fetched, and whether it will fit, and end")
    private boolean dryRun;

    @Option(
            names = {"-q", "--quiet"},
            description = "show no progress and no notes")
    private boolean quiet;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Mixin private HubFlags flags = new HubFlags();

    @Override
    public Integer call() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        try (Interruptible interruptible = Interruptible.begin();
                Hub hub = Hub.open(flags.options());
                PullDisplay display = new PullDisplay(err, quiet)) {
            Objects.requireNonNull(interruptible);
            print(pull(hub, display));
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(
                    "interrupted; what has arrived is kept, and the same command goes on", e);
        }
    }

    private PullReport pull(Hub hub, PullDisplay display) throws InterruptedException {
        RemoteModel model = hub.resolve(reference, flags.revision(), file);
        RemoteFit fit = fit(hub, model);
        if (dryRun) {
            model.notes().forEach(display::note);
            return PullReport.of(model, fit);
        }
        if (fit != null && Boolean.FALSE.equals(fit.fits())) {
            display.note(fit.text());
        }
        ModelStore store = Models.library().store();
        StoredModel stored = hub.pull(model, store, display);
        return PullReport.of(model, stored, fit);
    }

    /** The verdict before anything large is fetched; a pull says better why it cannot be had. */
    private @Nullable RemoteFit fit(Hub hub, RemoteModel model) throws InterruptedException {
        try {
            return RemoteFit.of(model, hub.header(model));
        } catch (HubException e) {
            if (dryRun) {
                throw e;
            }
            return null;
        }
    }

    private void print(PullReport report) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(Json.write(report));
        } else {
            report.print(out);
        }
        out.flush();
    }
}
