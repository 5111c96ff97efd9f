package dev.snoozy.cli.tune;

import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.tune.StepReport;
import dev.snoozy.tune.TuneListener;
import dev.snoozy.tune.TunePlan;
import dev.snoozy.tune.TuneResult;
import dev.snoozy.tune.TuneSample;
import dev.snoozy.tune.Tuning;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy tune}: an adapter from the user's own rows. */
@Command(
        name = "tune",
        description = "Train a LoRA adapter on a model, quantized or not, with your own rows.",
        footer = {
            "",
            "DATA is a file of JSON rows, with messages, prompt and response, or instruction and"
                    + " output; DIR gets adapter.gguf, checkpoint.gguf, run.jsonl and run.html.",
            "",
            "Example:",
            "  snoozy tune model-Q4_K_M.gguf rows.jsonl -o my-run",
            "  snoozy tune model-Q4_K_M.gguf rows.jsonl -o my-run --resume",
            "  snoozy run model-Q4_K_M.gguf --lora my-run/adapter.gguf \"Hello\""
        },
        mixinStandardHelpOptions = true)
public final class TuneCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int SECONDS_OF_MINUTE = 60;
    private static final int LINE = 160;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description = "a GGUF file or the name of a model")
    private String base = "";

    @Parameters(index = "1", paramLabel = "DATA", description = "rows to learn from")
    private Path data = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "folder for the results")
    private Path folder = Path.of("");

    @Option(names = "--resume", description = "go on from the checkpoint in DIR")
    private boolean resume;

    @Mixin private TuneFlags flags = new TuneFlags();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(data)) {
            throw new WrongUseException("DATA: there is no file " + data);
        }
        try (Progress progress = Progress.spinner("reading " + data.getFileName())) {
            Teller teller = new Teller(err(), progress);
            Tuning tuning = new Tuning(Models.find(base), data, folder, flags.options(), teller);
            try (Interruptible stopping = Interruptible.begin(tuning::stop, PATIENCE)) {
                TuneResult result = tuning.run(resume);
                progress.close();
                tell(result);
            }
            return 0;
        }
    }

    private void tell(TuneResult result) {
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(Json.write(result));
        } else {
            out.println(text(result));
            if (Double.isFinite(result.speed())) {
                out.printf(
                        Locale.ROOT,
                        "%.0f t/s, %.1f GFLOP/s over the steps of this run%n",
                        result.speed(),
                        result.gflops());
            }
            if (flags.options().lora().dora()) {
                out.println("to use it: snoozy merge " + base + " " + result.adapter() + " -o OUT");
            }
        }
        out.flush();
    }

    private static String text(TuneResult result) {
        String written = "wrote " + result.adapter() + " (step " + result.bestStep() + ")";
        String why =
                switch (result.stopped()) {
                    case DONE -> "";
                    case NO_PROGRESS -> ", stopped: no progress";
                    case STOPPED -> ", stopped at step " + result.steps() + "; go on with --resume";
                };
        if (result.stopped() == TuneResult.Reason.STOPPED && Double.isFinite(result.before())) {
            return written
                    + why
                    + String.format(
                            Locale.ROOT,
                            "%nvalidation loss %.4f -> %.4f so far",
                            result.before(),
                            result.after());
        }
        if (Double.isNaN(result.before())) {
            return written + why + "; nothing was held back to tell whether it is better";
        }
        String gain =
                String.format(
                        Locale.ROOT,
                        "validation loss %.4f -> %.4f, a gain of %.4f ± %.4f (standard error)",
                        result.before(),
                        result.after(),
                        result.gain(),
                        result.error());
        return written
                + why
                + "\n"
                + gain
                + (result.better()
                        ? ": better"
                        : ": NOT measurably better; more rows, more steps or another rate");
    }

    /** Says on standard error what goes on. */
    private static final class Teller implements TuneListener {
        private final PrintWriter err;
        private final Progress progress;
        private final long start = System.nanoTime();
        private int first;

        Teller(PrintWriter err, Progress progress) {
            this.err = err;
            this.progress = progress;
        }

        @Override
        public void planned(TunePlan plan) {
            progress.close();
            first = plan.firstStep();
            err.printf(
                    Locale.ROOT,
                    "%d texts of %d tokens to learn (%d predicted), %d held back; %s%n",
                    plan.texts(),
                    plan.tokens(),
                    plan.learnt(),
                    plan.validationTexts(),
                    plan.form());
            if (plan.truncated() > 0 || plan.dropped() > 0) {
                err.printf(
                        Locale.ROOT,
                        "%d texts were longer than --length and cut off, %d left out%n",
                        plan.truncated(),
                        plan.dropped());
            }
            err.printf(
                    Locale.ROOT,
                    "%d parameters for %d matrices; about %d MB of memory; %d steps, about %s%n",
                    plan.parameters(),
                    plan.weights(),
                    plan.memory() >> 20,
                    plan.steps() - plan.firstStep(),
                    time(plan.seconds()));
            err.flush();
        }

        @Override
        public void step(StepReport report) {
            double seconds = (System.nanoTime() - start) / 1e9;
            int done = report.step() - first;
            progress.line(
                    String.format(
                            Locale.ROOT,
                            "step %d of %d, loss %.4f, %.0f t/s, %.1f GFLOP/s, %s left",
                            report.step(),
                            report.steps(),
                            report.loss(),
                            report.speed(),
                            report.gflops(),
                            time(seconds / done * (report.steps() - report.step()))));
        }

        @Override
        public void evaluated(int step, double loss, boolean best) {
            progress.close();
            err.printf(
                    Locale.ROOT,
                    "step %d: validation loss %.4f%s%n",
                    step,
                    loss,
                    best ? "" : " (not the best)");
            err.flush();
        }

        @Override
        public void sampled(int step, List<TuneSample> samples) {
            progress.close();
            for (TuneSample sample : samples) {
                err.printf(
                        Locale.ROOT,
                        "  %s%n    -> %s%s%n",
                        line(sample.prompt()),
                        line(sample.text()),
                        sample.ended() ? "" : " ...");
            }
            err.flush();
        }

        @Override
        public void warned(String message) {
            progress.close();
            err.println("warning: " + message);
            err.flush();
        }

        /** One line, of what may be long or have control characters. */
        private static String line(String text) {
            String flat = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
            return flat.length() > LINE ? flat.substring(0, LINE) + "..." : flat;
        }

        private static String time(double seconds) {
            long minutes = Math.round(seconds / SECONDS_OF_MINUTE);
            if (seconds < 2 * SECONDS_OF_MINUTE) {
                return Math.round(seconds) + " s";
            }
            return minutes < 2 * SECONDS_OF_MINUTE
                    ? minutes + " min"
                    : String.format(Locale.ROOT, "%.1f h", minutes / (double) SECONDS_OF_MINUTE);
        }
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
