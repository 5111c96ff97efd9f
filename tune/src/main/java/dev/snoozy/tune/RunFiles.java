package dev.snoozy.tune;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.json.JsonReader;
import dev.snoozy.format.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of a run in its folder, and its history: a JSON object per step and measurement. */
final class RunFiles {
    private final Path folder;
    private final List<Point> points = new ArrayList<>();

    /**
     * A step, or a measurement after it.
     *
     * @param validation whether the loss is that of the validation
     */
    record Point(int step, boolean validation, double loss, double rate, double norm) {}

    private RunFiles(Path folder) {
        this.folder = folder;
    }

    /** Begins in a folder, which is made if it is not there. */
    static RunFiles in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new RunFiles(folder);
    }

    /** The files of a folder, which is not made. */
    static RunFiles at(Path folder) {
        return new RunFiles(folder);
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

    List<Point> points() {
        return points;
    }

    /** Forgets what came after a checkpoint: it is done again. */
    void goBack(int steps) throws IOException {
        StringBuilder kept = new StringBuilder();
        if (Files.exists(history())) {
            for (String line : Files.readAllLines(history())) {
                Map<?, ?> entry = parsed(line);
                if (entry.get("step") instanceof Long step && step <= steps) {
                    kept.append(line).append('\n');
                    points.add(point(entry, step.intValue()));
                }
            }
        }
        byte[] bytes = kept.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(history(), channel -> writeAll(channel, bytes));
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

    private static Point point(Map<?, ?> entry, int step) {
        boolean validation = entry.containsKey("validation_loss");
        return new Point(
                step,
                validation,
                number(entry.get(validation ? "validation_loss" : "loss")),
                number(entry.get("rate")),
                number(entry.get("norm")));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    void step(StepReport report) throws IOException {
        points.add(new Point(report.step(), false, report.loss(), report.rate(), report.norm()));
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
                        .name("seconds")
                        .number(report.seconds())
                        .name("heap")
                        .integer(report.heapBytes())
                        .endObject());
    }

    void evaluated(int step, double loss) throws IOException {
        points.add(new Point(step, true, loss, Double.NaN, Double.NaN));
        append(
                new JsonWriter()
                        .beginObject()
                        .name("step")
                        .integer(step)
                        .name("validation_loss")
                        .number(loss)
                        .endObject());
    }

    private void append(JsonWriter line) throws IOException {
        try (FileChannel channel =
                FileChannel.open(history(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writeAll(channel, (line.text() + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes the page with the curves. */
    void writePage(String title, String summary) throws IOException {
        byte[] bytes = RunPage.of(title, summary, points).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(page(), channel -> writeAll(channel, bytes));
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }
}
