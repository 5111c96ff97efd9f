package dev.snoozy.studio.jobs;

import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.models.ModelFiles;

import java.nio.file.Path;
import java.util.List;

/** The jobs of the room {@code compress}. */
public final class CompressKinds {
    private CompressKinds() {}

    /**
     * All of them.
     *
     * @param files the models that are there
     * @param folder for new ones
     */
    public static List<JobKind> of(ModelFiles files, Path folder) {
        JobModels models = new JobModels(files, folder);
        return List.of(
                new QuantizeKind(models), new ConvertKind(models), new PerplexityKind(models));
    }
}
