package dev.snoozy.studio.jobs;

import dev.snoozy.compress.Mixture;
import dev.snoozy.compress.QuantizeListener;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.QuantizePlan;
import dev.snoozy.compress.Quantizer;
import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * {@code quantize}: a model in fewer bits. Fields: {@code model}, {@code type} (a mixture or number
 * format), {@code name} of the new one, {@code imatrix} (a file), {@code allowRequantize}.
 */
final class QuantizeKind implements JobKind {
    private final JobModels models;
    private final IntSupplier threads;

    QuantizeKind(JobModels models, IntSupplier threads) {
        this.models = models;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public String title(Fields request) {
        models.find(request, "model");
        models.target(request, "name");
        return "Quantize "
                + request.requiredString("model")
                + " to "
                + mixture(request).name()
                + " as "
                + request.requiredString("name");
    }

    private static Mixture mixture(Fields request) {
        String type = request.requiredString("type");
        return Mixture.of(type)
                .orElseThrow(() ->
                        request.invalid(
                                "type",
                                "expected one of "
                                        + Mixture.all().stream()
                                                .map(Mixture::name)
                                                .distinct()
                                                .toList()
                                        + ", found "
                                        + type));
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        Path from = models.find(request, "model");
        Path to = models.target(request, "name");
        Files.createDirectories(models.folder());
        Optional<String> imatrix = request.string("imatrix");
        @Nullable ImportanceMatrix importance =
                imatrix.isPresent() ? ImportanceMatrix.read(Path.of(imatrix.get())) : null;
        QuantizeOptions options =
                new QuantizeOptions(
                        mixture(request),
                        List.of(),
                        importance,
                        imatrix.orElse(""),
                        request.bool("allowRequantize", false),
                        threads.getAsInt());
        try (GgufFile source = GgufFile.open(from)) {
            Quantizer quantizer = new Quantizer(source, options);
            QuantizePlan plan = quantizer.plan();
            long all = Math.max(1, plan.elements());
            quantizer.write(to, new Report(progress, all));
            ObjectNode result = Json.object();
            result.put("name", to.getFileName().toString().replace(".gguf", ""));
            result.put("bytes", Files.size(to));
            result.put("bytesBefore", Files.size(from));
            result.put("bitsPerWeight", 8.0 * plan.targetBytes() / all);
            return result;
        } catch (FormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Tells of each tensor what has become of it, as a row of the report. */
    private record Report(JobProgress progress, long all) implements QuantizeListener {
        @Override
        public void progress(long done) {
            progress.at(done, all, "weights");
        }

        @Override
        public void tensor(QuantizePlan.Choice choice, double error) {
            TensorInfo target = choice.target();
            String from = choice.source().type().toString();
            progress.row(
                    Json.object()
                            .put("tensor", target.name())
                            .put("from", from)
                            .put("to", target.type().toString())
                            .put("weights", target.elements())
                            .put("bytesBefore", choice.source().bytes())
                            .put("bytes", target.bytes())
                            .put("error", error)
                            .put("note", choice.note()));
            progress.log(
                    target.name()
                            + ": "
                            + from
                            + (choice.isCopy()
                                    ? ", as it is"
                                    : String.format(
                                            Locale.ROOT,
                                            " -> %s, error %.3f %%",
                                            target.type(),
                                            100 * error))
                            + (choice.note().isEmpty() ? "" : " (" + choice.note() + ")"));
        }
    }
}
