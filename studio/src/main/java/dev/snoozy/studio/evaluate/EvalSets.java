package dev.snoozy.studio.evaluate;

import dev.snoozy.eval.EvalException;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.server.http.Fields;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sets of items in folders of this machine. What is in a file is remembered by its digest, so
 * that the words of results can be told. Thread-safe.
 */
final class EvalSets {
    private static final int MOST_TASKS = 7;
    private static final int MOST_ITEMS = 1_000_000_000;

    private final Map<Path, Known> files = new ConcurrentHashMap<>();

    /** The set that somebody looked into last. */
    private volatile @Nullable TaskSet last;

    /**
     * A file as it was.
     *
     * @param size items in it
     */
    private record Known(Task task, long bytes, long modified, String sha256, int size) {}

    /**
     * The files that a request is about, by their tasks.
     *
     * @throws dev.snoozy.server.http.HttpProblem if there are none, or a wanted one is not there
     */
    static Map<Task, Path> find(Fields request) {
        Path folder = folder(request);
        Map<Task, Path> found;
        try {
            found = TaskSet.find(folder);
        } catch (IOException | EvalException e) {
            throw request.invalid("data", String.valueOf(e.getMessage()));
        }
        if (found.isEmpty()) {
            throw request.invalid(
                    "data",
                    "expected sets such as boolq_dev.jsonl or ARC-Easy-Test.jsonl in "
                            + folder
                            + ", found none");
        }
        List<String> names = request.strings("tasks", MOST_TASKS);
        Map<Task, Path> wanted = new EnumMap<>(Task.class);
        for (String name : names) {
            Task task = task(request, name);
            Path file = found.get(task);
            if (file == null) {
                throw request.invalid(
                        "tasks",
                        "expected a set of " + task.id() + " in " + folder + ", found none");
            }
            wanted.put(task, file);
        }
        return names.isEmpty() ? found : wanted;
    }

    private static Task task(Fields request, String name) {
        try {
            return Task.of(name);
        } catch (IllegalArgumentException e) {
            throw request.invalid("tasks", String.valueOf(e.getMessage()));
        }
    }

    private static Path folder(Fields request) {
        String name = request.requiredString("data").strip();
        try {
            Path path = Path.of(name);
            if (path.isAbsolute() && Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw request.invalid(
                "data", "expected the whole path of a folder with sets, found " + name);
    }

    /** How many items of each task a request wants; 0 for all. */
    static int limit(Fields request) {
        return request.integer("limit", 0, MOST_ITEMS, 0);
    }

    /** Reads the sets of a request. */
    List<TaskSet> read(Fields request) throws IOException {
        int limit = limit(request);
        List<TaskSet> sets = new ArrayList<>();
        for (Map.Entry<Task, Path> entry : find(request).entrySet()) {
            TaskSet set = read(entry.getKey(), entry.getValue());
            sets.add(limit > 0 ? set.first(limit) : set);
        }
        return sets;
    }

    private TaskSet read(Task task, Path file) throws IOException {
        long bytes = Files.size(file);
        long modified = Files.getLastModifiedTime(file).toMillis();
        TaskSet set = TaskSet.read(task, file);
        files.put(file, new Known(task, bytes, modified, set.sha256(), set.size()));
        return set;
    }

    /** Items of each task of a request, limits aside. */
    Map<Task, Integer> sizes(Fields request) throws IOException {
        Map<Task, Integer> sizes = new EnumMap<>(Task.class);
        for (Map.Entry<Task, Path> entry : find(request).entrySet()) {
            sizes.put(entry.getKey(), known(entry.getKey(), entry.getValue()).size);
        }
        return sizes;
    }

    /** Remembers what a folder holds, if it can be read. */
    void learn(Path folder) {
        try {
            for (Map.Entry<Task, Path> entry : TaskSet.find(folder).entrySet()) {
                known(entry.getKey(), entry.getValue());
            }
        } catch (IOException | EvalException e) {
            // its results are shown without words
        }
    }

    private Known known(Task task, Path file) throws IOException {
        Known known = files.get(file);
        if (known == null || !isSame(file, known)) {
            read(task, file);
            known = files.get(file);
        }
        if (known == null) {
            throw new IOException("there is no file " + file);
        }
        return known;
    }

    private static boolean isSame(Path file, Known known) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == known.bytes
                && Files.getLastModifiedTime(file).toMillis() == known.modified;
    }

    /** How many items the set of a digest has, if its file is known. */
    Optional<Integer> size(Task task, String sha256) {
        return files.values().stream()
                .filter(known -> known.task == task && known.sha256.equals(sha256))
                .map(Known::size)
                .findFirst();
    }

    /** The set of a digest, if its file is known and still the same. */
    Optional<TaskSet> set(Task task, String sha256) {
        TaskSet before = last;
        if (before != null && before.task() == task && before.sha256().equals(sha256)) {
            return Optional.of(before);
        }
        for (Map.Entry<Path, Known> entry : files.entrySet()) {
            Known known = entry.getValue();
            if (known.task != task || !known.sha256.equals(sha256)) {
                continue;
            }
            try {
                TaskSet set = TaskSet.read(task, entry.getKey());
                if (set.sha256().equals(sha256)) {
                    last = set;
                    return Optional.of(set);
                }
            } catch (IOException | EvalException e) {
                // it is gone, or something else now
            }
        }
        return Optional.empty();
    }
}
