package dev.snoozy.studio.jobs;

import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.models.ModelFiles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The jobs that are asked for here: those of the room {@code compress}, fetching and importing
 * models, and reading documents.
 */
public final class StudioKinds {
    private StudioKinds() {}

    /**
     * All of them.
     *
     * @param files the models that are there, and what fetches others
     * @param folder for new ones
     * @param threads that compute, as they are chosen when a job begins
     * @param documents of the user, if there are any
     */
    public static List<JobKind> of(
            ModelFiles files, Path folder, IntSupplier threads, Optional<DocumentRoom> documents) {
        JobModels models = new JobModels(files, folder);
        List<JobKind> kinds = new ArrayList<>();
        kinds.add(new QuantizeKind(models, threads));
        kinds.add(new ConvertKind(models));
        kinds.add(new PerplexityKind(models, threads));
        kinds.add(new PullKind(files));
        kinds.add(new ImportKind(files));
        documents.ifPresent(room -> kinds.add(new DocumentsKind(room)));
        return kinds;
    }
}
