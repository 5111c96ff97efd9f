package dev.snoozy.tune;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.json.JsonReader;
import dev.snoozy.format.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The files of a run in its folder, and its history: a JSON object per step and measurement. A
 * history or a page that cannot be written is told, once, and written when there is room again: the
 * run goes on without them.
 */
final class RunFiles {
    private final Path folder;
    private final Consumer<String> warnings;
    private final List<Point> points = new ArrayList<>();
    private final List<Answers> answers = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder(); // lines that are not yet written
    private boolean warned;

    /** Bytes of the history that are sound: what a failed write has left behind them goes. */
    private long sound;

    /**
     * A step, or a measurement after it.
     *
     * @param validation whether the loss is that of the validation
     * @param speed tokens per second
     * @param gflops billions of operations per second
     * @param heap bytes in use on the Java heap
     */
    record Point(
            int step,
            boolean validation,
            double loss,
            double rate,
            double norm,
            double speed,
            double gflops,
            double heap) {}

    /** What was generated after a step. */
    record Answers(int step, List<TuneSample> samples) {}

    private RunFiles(Path folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    /**
     * Begins in a folder, which is made if it is not there.
     *
     * @param warnings are told what could not be written
     */
    static RunFiles in(Path folder, Consumer<String> warnings) throws IOException {
        Files.createDirectories(folder);
        return new RunFiles(folder, warnings);
    }

    /** The files of a folder, which is not made. */
    static RunFiles at(Path folder, Consumer<String> warnings) {
        return new RunFiles(folder, warnings);
    }

    Path adapter() {
        return folder.resolve("adapter.gguf");
    }

    Path checkpoint() {
        return folder.resolve("checkpoint.gguf");
    }

    private Path history() {
        return folder.resolve("run.jsonl");
    }

    private Path page() {
        return folder.resolve("run.html");
    }

    /**
     * Removes what a killed process has left half written of the files of a run, and of no others.
     */
    void tidy() throws IOException {
        String names =
                "\\.(adapter\\.gguf|checkpoint\\.gguf|run\\.jsonl|run\\.html)-[0-9a-z]+\\.part";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.part")) {
            for (Path file : files) {
                if (String.valueOf(file.getFileName()).matches(names)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Forgets what came after a checkpoint: it is done again. */
    void goBack(int steps) {
        try {
            StringBuilder kept = new StringBuilder();
            if (Files.exists(history())) {
                for (String line : Files.readAllLines(history())) {
                    Map<?, ?> entry = parsed(line);
                    if (entry.get("step") instanceof Long step && step <= steps) {
                        kept.append(line).append('\n');
                        remember(entry, step.intValue());
                    }
                }
            }
            pending.append(kept);
            byte[] bytes = kept.toString().getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(history(), channel -> writeAll(channel, bytes));
            sound = bytes.length;
            pending.setLength(0);
        } catch (IOException e) {
            warn(history(), e);
        }
    }

    private void warn(Path file, IOException e) {
        if (!warned) {
            warned = true;
            warnings.accept(
                    file
                            + " cannot be written ("
                            + reason(e)
                            + "); training goes on, and writes it when that is possible again");
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** What ends a run: a file without which nothing could be gone on with. */
    static IOException unwritten(Path file, IOException e) {
        return new IOException(
                file
                        + " cannot be written ("
                        + reason(e)
                        + "); what was saved before is as it was; cure: make room there, and"
                        + " resume the run",
                e);
    }

    /** The last line of a killed run may be cut off, so what cannot be read is left out. */
    private static Map<?, ?> parsed(String line) {
        try {
            Object value =
                    new JsonReader("run.jsonl", line.getBytes(StandardCharsets.UTF_8)).value();
            return value instanceof Map<?, ?> map ? map : Map.of();
        } catch (RuntimeException e) {
            return Map.of();
        }
    }

    private void remember(Map<?, ?> entry, int step) {
        boolean validation = entry.containsKey("validation_loss");
        if (validation || entry.containsKey("loss")) {
            points.add(
                    new Point(
                            step,
                            validation,
                            number(entry.get(validation ? "validation_loss" : "loss")),
                            number(entry.get("rate")),
                            number(entry.get("norm")),
                            number(entry.get("tokens_per_second")),
                            number(entry.get("gflops")),
                            number(entry.get("heap"))));
        }
        List<TuneSample> samples = new ArrayList<>();
        if (entry.get("samples") instanceof List<?> list) {
            for (Object value : list) {
                if (value instanceof Map<?, ?> sample) {
                    samples.add(
                            new TuneSample(
                                    String.valueOf(sample.get("prompt")),
                                    String.valueOf(sample.get("text")),
                                    Boolean.TRUE.equals(sample.get("ended"))));
                }
            }
            answers.add(new Answers(step, samples));
        }
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    void step(StepReport report) {
        points.add(
                new Point(
                        report.step(),
                        false,
                        report.loss(),
                        report.rate(),
                        report.norm(),
                        report.speed(),
                        report.gflops(),
                        report.heapBytes()));
        append(
                new JsonWriter()
                        .beginObject()
                        .name("step")
                        .integer(report.step())
                        .name("loss")
                        .number(report.loss())
                        .name("rate")
                        .number(report.rate())
                        .name("norm")
                        .number(report.norm())
                        .name("tokens")
                        .integer(report.tokens())
                        .name("operations")
                        .integer(report.operations())
                        .name("seconds")
                        .number(report.seconds())
                        .name("tokens_per_second")
                        .number(report.speed())
                        .name("gflops")
                        .number(report.gflops())
                        .name("heap")
                        .integer(report.heapBytes())
                        .endObject());
    }

    /**
     * A measurement.
     *
     * @param loss NaN if nothing is measured
     * @param samples what was generated with it
     */
    void evaluated(int step, double loss, List<TuneSample> samples) {
        JsonWriter line = new JsonWriter().beginObject().name("step").integer(step);
        if (Double.isFinite(loss)) {
            double none = Double.NaN;
            points.add(new Point(step, true, loss, none, none, none, none, none));
            line.name("validation_loss").number(loss);
        }
        if (!samples.isEmpty()) {
            answers.add(new Answers(step, samples));
            line.name("samples").beginArray();
            for (TuneSample sample : samples) {
                line.beginObject()
                        .name("prompt")
                        .string(sample.prompt())
                        .name("text")
                        .string(sample.text())
                        .name("ended")
                        .bool(sample.ended())
                        .endObject();
            }
            line.endArray();
        }
        if (Double.isFinite(loss) || !samples.isEmpty()) {
            append(line.endObject());
        }
    }

    private void append(JsonWriter line) {
        pending.append(line.text()).append('\n');
        byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(history(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(sound).position(sound);
            writeAll(channel, bytes);
            sound += bytes.length;
            pending.setLength(0);
        } catch (IOException e) {
            warn(history(), e);
        }
    }

    /** Writes the page with the curves. */
    void writePage(String title, String summary) {
        byte[] bytes = RunPage.of(title, summary, points, answers).getBytes(StandardCharsets.UTF_8);
        try {
            AtomicFile.write(page(), channel -> writeAll(channel, bytes));
        } catch (IOException e) {
            warn(page(), e);
        }
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }
}
