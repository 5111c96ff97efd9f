package dev.snoozy.studio.data;

import dev.snoozy.curate.pipeline.Curation;
import dev.snoozy.curate.pipeline.CurationListener;
import dev.snoozy.curate.pipeline.CurationReport;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.jobs.JobThread;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * {@code curate}: a recipe is done. What was read stays on the disk when it is stopped or the
 * process ends, so that it goes on from there. Field: {@code curation}.
 */
public final class CurateKind implements JobKind {
    private final Curations curations;
    private final IntSupplier threads;

    /**
     * Curations as jobs.
     *
     * @param threads that compute, as they are chosen when a job begins
     */
    public CurateKind(Curations curations, IntSupplier threads) {
        this.curations = curations;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "curate";
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public String title(Fields request) {
        String name = request.requiredString("curation");
        try {
            Curations.recipe(curations.find(name));
        } catch (RecipeException e) {
            throw request.invalid("curation", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new HttpProblem(
                    HttpProblem.Kind.FAILED, "the recipe cannot be read: " + e.getMessage());
        }
        return "Curate " + name;
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        Path place = curations.find(request.requiredString("curation"));
        Recipe recipe = Curations.recipe(place);
        Curation curation = new Curation(recipe, place, threads.getAsInt(), new Telling(progress));
        CurationReport report = JobThread.run("curate", curation::run, curation::stop);
        return Json.object()
                .put("read", report.read())
                .put("kept", report.kept())
                .put("removed", report.removed())
                .put("malformed", report.malformed())
                .put("train", report.train())
                .put("validation", report.validation())
                .put("folder", place.toString());
    }

    /** Tells of a curation as jobs do. Used by the thread that runs it. */
    private static final class Telling implements CurationListener {
        private final JobProgress progress;
        private String unit = "";

        Telling(JobProgress progress) {
            this.progress = progress;
        }

        @Override
        public void begins(String what) {
            progress.log(what);
            progress.at(0, 0, what); // what comes is reckoned from here
            unit = what.startsWith("reading") ? "bytes" : what;
        }

        @Override
        public void done(long amount, long of) {
            progress.at(amount, of, unit);
        }

        @Override
        public void note(String text) {
            progress.log(text);
        }
    }
}
