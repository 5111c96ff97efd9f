package dev.snoozy.studio.evaluate;

import dev.snoozy.eval.EvalException;
import dev.snoozy.eval.ModelDifference;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.PairedComparison;
import dev.snoozy.eval.StoredResult;
import dev.snoozy.eval.TaskFigures;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.Call;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The results of evaluations on the disk: a folder for each model and way of evaluating it, which
 * the command line writes too. Thread-safe.
 */
final class EvalRuns {
    private static final String NAME = "[0-9a-f]{16}-[a-z0-9.-]{1,40}-[a-z0-9_]{1,20}";

    private final Path folder;
    private final Map<String, Summary> summaries = new ConcurrentHashMap<>();

    /**
     * The figures of a folder as long as its files are what they were.
     *
     * @param stamp sizes and times of the files
     */
    private record Summary(String stamp, ObjectNode figures) {}

    /** What is below this folder, which need not exist. */
    EvalRuns(Path folder) {
        this.folder = folder;
    }

    /** All that are there, by name. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory)
                    .map(run -> String.valueOf(run.getFileName()))
                    .filter(name -> name.matches(NAME))
                    .sorted()
                    .toList();
        }
    }

    /** Whether there are results of a name. */
    boolean has(String name) {
        return name.matches(NAME) && Files.isDirectory(folder.resolve(name));
    }

    /**
     * The results of a name.
     *
     * @throws HttpProblem if there are none
     */
    ModelResult read(String name) throws IOException {
        if (!has(name)) {
            throw Call.missing("result");
        }
        try {
            return StoredResult.read(folder.resolve(name))
                    .orElseThrow(() -> Call.missing("result"));
        } catch (EvalException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The figures of a name, or what is wrong with its files. */
    ObjectNode figures(String name) throws IOException {
        String stamp = stamp(folder.resolve(name));
        Summary known = summaries.get(name);
        if (known == null || !known.stamp.equals(stamp)) {
            known = new Summary(stamp, summary(name));
            summaries.put(name, known);
        }
        return known.figures.deepCopy();
    }

    private static String stamp(Path run) throws IOException {
        StringBuilder stamp = new StringBuilder();
        try (Stream<Path> files = Files.list(run)) {
            for (Path file : files.sorted().toList()) {
                if (Files.isRegularFile(file)) {
                    stamp.append(file.getFileName()).append(' ').append(Files.size(file));
                    stamp.append(' ').append(Files.getLastModifiedTime(file).toMillis());
                    stamp.append('\n');
                }
            }
        }
        return stamp.toString();
    }

    private ObjectNode summary(String name) {
        ObjectNode node = Json.object().put("name", name);
        node.put("folder", folder.resolve(name).toString());
        node.put("precision", name.substring(name.lastIndexOf('-') + 1));
        ModelResult result;
        try {
            result = read(name);
        } catch (IOException | HttpProblem e) {
            return node.put("problem", String.valueOf(e.getMessage()));
        }
        node.put("model", result.model()).put("sha256", result.sha256());
        node.put("profile", result.profile().id()).put("begins", result.begins());
        ArrayNode tasks = node.putArray("tasks");
        for (TaskResult task : result.tasks()) {
            if (!task.items().isEmpty()) {
                tasks.add(figures(task));
            }
        }
        if (!tasks.isEmpty()) {
            number(node, "average", result.average());
            number(node, "averageError", result.averageError());
        }
        return node;
    }

    private static ObjectNode figures(TaskResult task) {
        TaskFigures figures = TaskFigures.of(task);
        ObjectNode node = Json.object();
        node.put("task", figures.task()).put("set", figures.sha256());
        node.put("items", figures.items()).put("figure", figures.published());
        number(node, "value", task.published().value());
        number(node, "error", task.published().error());
        number(node, "acc", figures.acc());
        number(node, "accError", figures.accError());
        number(node, "accNorm", figures.accNorm());
        number(node, "accNormError", figures.accNormError());
        return node.put("truncated", figures.truncated());
    }

    /** Of a single item there is no error. */
    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    /**
     * Two results on the items that both have judged.
     *
     * @throws HttpProblem if they are of two protocols
     */
    ObjectNode compare(String first, String second) throws IOException {
        ModelResult one = read(first);
        ModelResult other = read(second);
        if (one.profile() != other.profile()) {
            throw HttpProblem.invalid(
                    "second",
                    "expected results by "
                            + one.profile().id()
                            + ", found some by "
                            + other.profile().id()
                            + ": figures of different protocols cannot be compared");
        }
        List<TaskResult> ofOne = new ArrayList<>();
        List<TaskResult> ofOther = new ArrayList<>();
        ArrayNode apart = Json.array();
        for (TaskResult task : one.tasks()) {
            TaskResult match = match(task, other);
            if (match == null) {
                apart.add(task.task().id());
            } else {
                ofOne.add(task);
                ofOther.add(match);
            }
        }
        ObjectNode node = Json.object().put("first", first).put("second", second);
        node.set("apart", apart);
        ArrayNode list = node.putArray("differences");
        if (!ofOne.isEmpty()) {
            ModelDifference.of(with(one, ofOne), with(other, ofOther))
                    .forEach(difference -> list.add(json(difference)));
        }
        return node;
    }

    /** The other's result of a task on the same set with items that both have, or null. */
    private static @Nullable TaskResult match(TaskResult task, ModelResult other) {
        return other.tasks().stream()
                .filter(t -> t.task() == task.task() && t.sha256().equals(task.sha256()))
                .filter(t -> PairedComparison.of(task, t).items() > 0)
                .findFirst()
                .orElse(null);
    }

    private static ModelResult with(ModelResult result, List<TaskResult> tasks) {
        return new ModelResult(
                result.model(), result.sha256(), result.profile(), result.begins(), tasks);
    }

    private static ObjectNode json(ModelDifference difference) {
        ObjectNode node = Json.object();
        node.put("task", difference.task()).put("items", difference.items());
        node.put("onlyFirst", difference.onlyFirst());
        node.put("onlySecond", difference.onlySecond());
        node.put("difference", difference.difference());
        node.put("interval", difference.interval());
        return node.put("p", difference.pValue());
    }

    /** Deletes the results of a name. */
    void remove(String name) throws IOException {
        if (!has(name)) {
            throw Call.missing("result");
        }
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        summaries.remove(name);
    }
}
