package dev.snoozy.studio.cook;

import dev.snoozy.cook.Cook;
import dev.snoozy.cook.CookListener;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.cook.Need;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobCancelledException;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.jobs.JobThread;
import dev.snoozy.studio.api.RecipeField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * {@code cook}: a recipe from data to a judged model. Field: {@code recipe}, the whole path of a
 * file. The results are where the command line has them too; a job that was stopped goes on with
 * the stage at which it was.
 */
final class CookKind implements JobKind {
    private final Path folder;
    private final IntSupplier threads;

    /**
     * @param folder of all results, each in a folder by the name of its recipe
     * @param threads that compute, as they are chosen when a job begins
     */
    CookKind(Path folder, IntSupplier threads) {
        this.folder = folder;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "cook";
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public String title(Fields request) {
        CookRecipe recipe = RecipeField.of(request);
        if (!recipe.missing().isEmpty()) {
            Need need = recipe.missing().getFirst();
            throw request.invalid(
                    "recipe",
                    "the recipe needs files that are not there, such as "
                            + need.path()
                            + " ("
                            + need.what()
                            + ")");
        }
        return "Cook " + recipe.name();
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        CookRecipe recipe = RecipeField.of(request);
        Telling telling = new Telling(progress);
        Cook cook = new Cook(recipe, folder.resolve(recipe.name()), threads.getAsInt(), telling);
        telling.cook = cook;
        JobThread.run("cook", cook::run, cook::stop);
        return Json.object().put("run", recipe.name());
    }

    /** Tells of stages as jobs do. Once nobody wants the job any more, it is stopped. */
    private static final class Telling implements CookListener {
        /** What a stage is at changes with every step: not all of it is kept. */
        private static final long QUIET_NANOS = 2_000_000_000;

        private final JobProgress progress;
        private volatile @Nullable Cook cook;
        private String stage = "";
        private long said = System.nanoTime() - QUIET_NANOS;

        Telling(JobProgress progress) {
            this.progress = progress;
        }

        private void tell(Runnable work) {
            try {
                work.run();
            } catch (JobCancelledException e) {
                Cook going = cook;
                if (going != null) {
                    going.stop();
                }
            }
        }

        @Override
        public void begins(String name, int number, int of, boolean done) {
            stage = name;
            said = System.nanoTime() - QUIET_NANOS;
            tell(() -> {
                progress.at(number - 1L, of, "stages");
                progress.log(number + "/" + of + " " + name + (done ? ": done before" : ""));
                progress.row(
                        Json.object().put("stage", name).put("number", number).put("done", done));
            });
        }

        @Override
        public void progress(String text) {
            long now = System.nanoTime();
            if (now - said >= QUIET_NANOS) {
                said = now;
                tell(() -> progress.log(stage.isEmpty() ? text : stage + ": " + text));
            }
        }

        @Override
        public void note(String text) {
            tell(() -> progress.log("  " + text));
        }
    }
}
