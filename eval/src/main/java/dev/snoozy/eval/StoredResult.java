package dev.snoozy.eval;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AtomicFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What evaluations have left in their folders: the model in a file of its own, items by task. */
public final class StoredResult {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MODEL = "model.json";

    private static final int NAME_OF_DIGEST = 16;

    private StoredResult() {}

    /**
     * The folder of a model's results among others: one for each way of evaluating it, so that any
     * of them goes on.
     *
     * @param folder of all results
     * @param sha256 digest of the model's file, in hexadecimal
     * @param load how the model is loaded
     */
    public static Path folder(Path folder, String sha256, Profile profile, LoadOptions load) {
        return folder.resolve(
                String.join(
                        "-",
                        sha256.substring(0, NAME_OF_DIGEST),
                        profile.id(),
                        load.precision().name().toLowerCase(Locale.ROOT)));
    }

    /** Says whose results a folder holds. */
    static void write(Path folder, EvalOptions options, boolean begins) throws IOException {
        String text =
                JSON.createObjectNode()
                        .put("model", options.model())
                        .put("sha256", options.sha256())
                        .put("profile", options.profile().id())
                        .put("begins", begins)
                        .toString();
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(folder);
        AtomicFile.write(
                folder.resolve(MODEL),
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    /**
     * Reads the items that a folder holds so far.
     *
     * @return nothing if no evaluation has written there
     * @throws EvalException if a file holds something else
     */
    public static Optional<ModelResult> read(Path folder) throws IOException {
        Path file = folder.resolve(MODEL);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<TaskResult> tasks = new ArrayList<>();
        for (Task task : Task.values()) {
            Path items = ResultFile.of(folder, task);
            if (Files.isRegularFile(items)) {
                ResultFile.read(items, task).ifPresent(tasks::add);
            }
        }
        try {
            JsonNode model = JSON.readTree(Files.readString(file));
            return Optional.of(
                    new ModelResult(
                            model.path("model").asString(),
                            model.path("sha256").asString(),
                            Profile.of(model.path("profile").asString()),
                            model.path("begins").asBoolean(),
                            tasks));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new EvalException(file + ": no result of an evaluation: " + e.getMessage(), e);
        }
    }
}
