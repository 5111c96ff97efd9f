package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a process takes against what was reckoned for it: of small models, where Java itself is much
 * of it. {@link FitMeasurement} measures large ones.
 */
class FitTest {
    private static final int CONTEXT = 2048;

    private static final double SHARE = 0.1;

    /** What Java takes more or less from process to process and from machine to machine. */
    private static final double JAVA = 25e6;

    @TempDir private Path folder;

    @BeforeEach
    void requireWhatWasMeasured() {
        assumeTrue(MeasuredRun.isPossible(), "this system does not tell the peak of a process");
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT)) {
            String which = kernels.description();
            assumeTrue(which.contains("machine code"), "reckoned for machine code: " + which);
        }
    }

    @Test
    void aProcessTakesWhatWasReckonedForIt() throws Exception {
        Path model = folder.resolve("model.gguf");
        Cli made =
                Cli.run(
                        "bench",
                        "--random",
                        "llama-small",
                        "--type",
                        "Q4_0",
                        "--out",
                        model.toString(),
                        "--write-only");
        assertThat(made.code()).as(made.err()).isZero();
        takesWhatWasReckoned(model);
    }

    @Test
    void soDoesOneWithAWindow() throws Exception {
        takesWhatWasReckoned(
                TinyModel.gemma3()
                        .with("gemma3.context_length", CONTEXT)
                        .writeTo(folder.resolve("model.gguf")));
    }

    @Test
    void soDoesOneWithExperts() throws Exception {
        takesWhatWasReckoned(
                TinyModel.mixture()
                        .with("llama.context_length", CONTEXT)
                        .writeTo(folder.resolve("model.gguf")));
    }

    private static void takesWhatWasReckoned(Path model) throws IOException, InterruptedException {
        Fit fit;
        try (GgufFile file = GgufFile.open(model)) {
            fit = FitMeasurement.fit(file, CONTEXT, LoadOptions.defaults());
        }
        MeasuredRun run = MeasuredRun.of(model, CONTEXT);
        assertThat(run.prompt() + run.generated()).isGreaterThan(CONTEXT / 2);
        double margin = SHARE * fit.total() + JAVA;
        assertThat((double) run.peak())
                .as("%s, reckoned %s", run, fit)
                .isBetween(fit.total() - margin, fit.total() + margin);
    }
}
