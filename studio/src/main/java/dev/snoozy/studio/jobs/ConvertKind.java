package dev.snoozy.studio.jobs;

import dev.snoozy.compress.convert.ConvertException;
import dev.snoozy.compress.convert.ConvertOptions;
import dev.snoozy.compress.convert.Converter;
import dev.snoozy.compress.convert.OutputType;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code convert}: a folder as it lies on Hugging Face becomes a GGUF file. Fields: {@code folder},
 * {@code name} of the new model, {@code type}.
 */
final class ConvertKind implements JobKind {
    private final JobModels models;

    ConvertKind(JobModels models) {
        this.models = models;
    }

    @Override
    public String name() {
        return "convert";
    }

    @Override
    public String title(Fields request) {
        models.target(request, "name");
        type(request);
        return "Convert " + folder(request).getFileName() + " to " + request.requiredString("name");
    }

    private static Path folder(Fields request) {
        String name = request.requiredString("folder");
        try {
            Path folder = Path.of(name);
            if (folder.isAbsolute() && Files.isDirectory(folder)) {
                return folder;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw request.invalid("folder", "expected the whole path of a folder on this machine");
    }

    private static OutputType type(Fields request) {
        try {
            return request.string("type").map(OutputType::of).orElse(OutputType.AUTO);
        } catch (IllegalArgumentException | ConvertException e) {
            throw request.invalid("type", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        Path to = models.target(request, "name");
        Files.createDirectories(models.folder());
        ConvertOptions options =
                new ConvertOptions(
                        type(request),
                        null,
                        Set.of(),
                        (done, total) -> progress.at(done, total, "bytes"));
        try {
            Converter.Converted converted = Converter.convert(folder(request), to, options);
            ObjectNode result =
                    Json.object()
                            .put("name", to.getFileName().toString().replace(".gguf", ""))
                            .put("architecture", converted.architecture())
                            .put("tensors", converted.tensors())
                            .put("bytes", converted.bytes());
            if (!converted.leftOut().isEmpty()) {
                ObjectNode leftOut = result.putObject("left_out"); // tensors of each part
                converted.leftOut().forEach(leftOut::put);
            }
            return result;
        } catch (ConvertException | FormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
