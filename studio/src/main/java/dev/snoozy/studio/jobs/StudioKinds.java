package dev.snoozy.studio.jobs;

import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.models.ModelFiles;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The jobs that are asked for here: those of the room {@code compress}, and fetching and importing
 * models.
 */
public final class StudioKinds {
    private StudioKinds() {}

    /**
     * All of them.
     *
     * @param files the models that are there, and what fetches others
     * @param folder for new ones
     * @param threads that compute, as they are chosen when a job begins
     */
    public static List<JobKind> of(ModelFiles files, Path folder, IntSupplier threads) {
        JobModels models = new JobModels(files, folder);
        return List.of(
                new QuantizeKind(models, threads),
                new ConvertKind(models),
                new PerplexityKind(models, threads),
                new PullKind(files),
                new ImportKind(files));
    }
}
