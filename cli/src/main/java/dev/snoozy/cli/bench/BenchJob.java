package dev.snoozy.cli.bench;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * {@code bench} as a job: how fast a model is. Fields: {@code model}, {@code prompt} (tokens of
 * prefill, 512), {@code generate} (of decode, 128), {@code repetitions} (3).
 */
public final class BenchJob implements JobKind {
    private static final int MOST_TOKENS = 1 << 20;
    private static final int MOST_REPETITIONS = 100;

    private final ModelFiles files;
    private final IntSupplier threads;

    /**
     * A kind of job.
     *
     * @param files the models that are there
     * @param threads that compute, as they are chosen when a job begins
     */
    public BenchJob(ModelFiles files, IntSupplier threads) {
        this.files = files;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String title(Fields request) {
        file(request);
        plans(request);
        return "Measure " + request.requiredString("model");
    }

    private Path file(Fields request) {
        String name = request.requiredString("model");
        return files.find(name)
                .orElseThrow(
                        () -> request.invalid("model", "expected a known model, found " + name))
                .file();
    }

    /** A plan for each test, so that progress is told between them. */
    private List<Plan> plans(Fields request) {
        int prompt = request.integer("prompt", 1, MOST_TOKENS, 512);
        int generate = request.integer("generate", 1, MOST_TOKENS, 128);
        int repetitions = request.integer("repetitions", 1, MOST_REPETITIONS, 3);
        List<Integer> counts = List.of(threads.getAsInt());
        return List.of(
                Plan.of(
                        List.of(prompt),
                        List.of(),
                        List.of(0),
                        List.of(1),
                        counts,
                        true,
                        repetitions),
                Plan.of(
                        List.of(),
                        List.of(generate),
                        List.of(0),
                        List.of(1),
                        counts,
                        true,
                        repetitions));
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        List<Plan> plans = plans(request);
        ObjectNode result = Json.object();
        StringWriter notes = new StringWriter();
        int done = 0;
        for (Plan plan : plans) {
            progress.at(done++, plans.size(), "tests");
            try (PrintWriter writer = new PrintWriter(notes)) {
                BenchReport report =
                        Measurement.of(file(request), plan, LoadOptions.defaults(), writer);
                result.put("kernels", report.kernels());
                for (BenchReport.Result test : report.results()) {
                    result.put("threads", test.threads());
                    result.put(test.title(), test.median());
                    progress.log(
                            String.format(
                                    Locale.ROOT, "%s: %.1f t/s", test.title(), test.median()));
                }
            } catch (ModelException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        for (String note : notes.toString().lines().toList()) {
            progress.log(note);
        }
        progress.at(done, plans.size(), "tests");
        return result;
    }
}
