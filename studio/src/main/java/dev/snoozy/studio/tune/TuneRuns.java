package dev.snoozy.studio.tune;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The runs of training on the disk: a folder for each, with what {@link dev.snoozy.tune.Tuning}
 * writes and, in {@value #REQUEST}, what was asked for. Thread-safe.
 */
final class TuneRuns {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
    private static final String REQUEST = "request.json";

    /** Folders beside the runs, of other things. */
    private static final List<String> OTHERS = List.of("cook", "eval");

    private static final String HISTORY = "run.jsonl";

    /** More points than these are not seen beside each other. */
    private static final int MOST_POINTS = 1000;

    /** So many steps, the last ones, tell how fast it goes. */
    private static final int SPEED_STEPS = 20;

    private final Path folder;

    TuneRuns(Path folder) {
        this.folder = folder;
    }

    /** The folder of a run, which need not exist. */
    Path folder(Fields request) {
        String name = request.requiredString("name");
        if (!name.matches(NAME) || OTHERS.contains(name)) {
            throw request.invalid(
                    "name",
                    "expected letters, digits, dots, _ and -, and none of "
                            + OTHERS
                            + "; found "
                            + name);
        }
        return folder.resolve(name);
    }

    /** Whether there is a run of a name. */
    boolean has(String name) {
        return name.matches(NAME)
                && !OTHERS.contains(name)
                && Files.isDirectory(folder.resolve(name));
    }

    /**
     * A name that no run has: this one, or with the first number behind it that does.
     *
     * @param waiting names of runs of which there need not be anything on the disk
     */
    String free(String name, Set<String> waiting) {
        String free = name;
        for (int i = 2; isTaken(free) || waiting.contains(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private boolean isTaken(String name) {
        return OTHERS.contains(name) || Files.exists(folder.resolve(name));
    }

    /** Whether a run can go on from where it was. */
    static boolean hasCheckpoint(Path run) {
        return Files.exists(run.resolve("checkpoint.gguf"));
    }

    /** All runs, the newest first. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(run -> has(String.valueOf(run.getFileName())))
                    .sorted(Comparator.comparing(TuneRuns::changed).reversed())
                    .map(run -> String.valueOf(run.getFileName()))
                    .toList();
        }
    }

    private static long changed(Path run) {
        try {
            Path file = run.resolve(REQUEST);
            return Files.getLastModifiedTime(Files.exists(file) ? file : run).toMillis();
        } catch (IOException e) {
            return 0; // it is gone
        }
    }

    /** Keeps what was asked for; in a folder, which is made if it is not there. */
    static void begin(Path run, ObjectNode request) throws IOException {
        Files.createDirectories(run);
        Path file = run.resolve(REQUEST);
        if (!Files.exists(file)) {
            byte[] bytes = Json.text(request).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(
                    file,
                    channel -> {
                        ByteBuffer left = ByteBuffer.wrap(bytes);
                        while (left.hasRemaining()) {
                            channel.write(left);
                        }
                    });
        }
    }

    /**
     * What is on the disk of a run.
     *
     * @param whole whether with the points of its curves
     */
    ObjectNode json(String name, boolean whole) throws IOException {
        Path run = folder.resolve(name);
        ObjectNode node = Json.object().put("name", name);
        node.put("folder", run.toString());
        node.put("adapter", Files.exists(run.resolve("adapter.gguf")) ? "runs/" + name : null);
        node.put("checkpoint", hasCheckpoint(run));
        Path request = run.resolve(REQUEST);
        if (Files.exists(request)) {
            node.set("request", Json.parse(Files.readString(request)));
        }
        History history = new History();
        history.read(run.resolve(HISTORY));
        history.tell(node, whole);
        return node;
    }

    /** Deletes a run and what it has made. */
    void remove(String name) throws IOException {
        Path run = folder.resolve(name);
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The steps and measurements of a run, as far as its file can be read. */
    private static final class History {
        private final List<ObjectNode> steps = new ArrayList<>();
        private final ArrayNode validation = Json.array();
        private final Deque<ObjectNode> last = new ArrayDeque<>();
        private double best = Double.NaN;
        private int bestStep;
        private long tokens;
        private double seconds;

        void read(Path file) throws IOException {
            if (!Files.exists(file)) {
                return;
            }
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    add(line);
                }
            }
        }

        private void add(String line) {
            JsonNode entry;
            try {
                entry = Json.parse(line);
            } catch (HttpProblem e) {
                return; // the last line of a process that was killed, or one that is being written
            }
            if (entry.has("validation_loss") || entry.has("samples")) {
                measured(entry);
            } else if (entry.has("loss")) {
                step(entry);
            }
        }

        private void measured(JsonNode entry) {
            int step = entry.path("step").asInt();
            ObjectNode point = validation.addObject().put("step", step);
            if (entry.has("validation_loss")) {
                double loss = entry.path("validation_loss").asDouble();
                if (!(loss >= best)) {
                    best = loss;
                    bestStep = step;
                }
                point.put("loss", loss);
            }
            if (entry.path("samples").isArray()) {
                point.set("samples", entry.path("samples"));
            }
        }

        private void step(JsonNode entry) {
            ObjectNode step = Json.object();
            for (String field : List.of("step", "loss", "rate", "norm")) {
                step.set(field, entry.path(field));
            }
            steps.add(step);
            tokens += entry.path("tokens").asLong(0);
            seconds += entry.path("seconds").asDouble(0);
            last.add((ObjectNode) entry);
            if (last.size() > SPEED_STEPS) {
                last.remove();
            }
        }

        void tell(ObjectNode node, boolean whole) {
            int count = steps.size();
            node.put("step", count == 0 ? 0 : steps.getLast().path("step").asInt());
            if (count > 0) {
                node.set("loss", steps.getLast().path("loss"));
            }
            if (!Double.isNaN(best)) {
                node.put("best", best).put("bestStep", bestStep);
                node.set("base", validation.get(0).path("loss"));
            }
            double recent = last.stream().mapToDouble(s -> s.path("seconds").asDouble(0)).sum();
            if (recent > 0) {
                long read = last.stream().mapToLong(s -> s.path("tokens").asLong(0)).sum();
                node.put("tokensPerSecond", read / recent);
                node.set("heap", last.getLast().path("heap"));
            }
            node.put("tokens", tokens).put("seconds", seconds);
            if (whole) {
                ArrayNode points = node.putArray("points");
                int stride = Math.max(1, (count + MOST_POINTS - 1) / MOST_POINTS);
                for (int i = 0; i < count; i++) {
                    if (i % stride == 0 || i == count - 1) {
                        points.add(steps.get(i));
                    }
                }
                node.set("validation", validation);
            }
        }
    }
}
