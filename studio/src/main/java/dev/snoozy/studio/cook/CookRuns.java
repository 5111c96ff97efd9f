package dev.snoozy.studio.cook;

import dev.snoozy.cook.Cook;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What recipes have come to on the disk: a folder for each. Thread-safe. */
final class CookRuns {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final String STAGE = "stage.json";
    private static final long LARGEST_REPORT = 1L << 26;

    private final Path folder;

    /** What is below this folder, which need not exist. */
    CookRuns(Path folder) {
        this.folder = folder;
    }

    /** The folder of a recipe's results. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    /** Whether there are results of a name. */
    boolean has(String name) {
        return name.matches(NAME) && Files.isDirectory(folder.resolve(name));
    }

    /** All that are there, the newest first. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(run -> has(String.valueOf(run.getFileName())))
                    .sorted(Comparator.comparing(CookRuns::changed).reversed())
                    .map(run -> String.valueOf(run.getFileName()))
                    .toList();
        }
    }

    private static long changed(Path run) {
        try {
            Path report = run.resolve(Cook.REPORT);
            return Files.getLastModifiedTime(Files.exists(report) ? report : run).toMillis();
        } catch (IOException e) {
            return 0; // it is gone
        }
    }

    /** The stages of a recipe, and whether an earlier run has left results of them. */
    ArrayNode stages(String name, List<String> stages) {
        ArrayNode list = Json.array();
        for (String stage : stages) {
            Path record = folder.resolve(name).resolve(stage).resolve(STAGE);
            list.addObject().put("stage", stage).put("there", isDone(record));
        }
        return list;
    }

    /** A stage that is done has listed its files. */
    private static boolean isDone(Path record) {
        try {
            return Files.isRegularFile(record) && Json.parse(Files.readString(record)).has("files");
        } catch (IOException | HttpProblem e) {
            return false;
        }
    }

    /**
     * What is on the disk.
     *
     * @param whole whether with the report
     */
    ObjectNode json(String name, boolean whole) throws IOException {
        Path run = folder.resolve(name);
        ObjectNode node = Json.object().put("name", name).put("folder", run.toString());
        Path report = run.resolve(Cook.REPORT);
        node.put("finished", Files.isRegularFile(report));
        if (whole && Files.isRegularFile(report)) {
            node.set("report", read(report));
            node.put("page", run.resolve(Cook.PAGE).toString());
            Path speeds = run.resolve(Cook.SPEEDS);
            if (Files.isRegularFile(speeds)) {
                node.set("speeds", read(speeds));
            }
        }
        return node;
    }

    private static JsonNode read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_REPORT) {
            throw new IOException(file + ": expected at most 64 MiB, found more");
        }
        try {
            return Json.parse(Files.readString(file));
        } catch (HttpProblem e) {
            throw new IOException(file + ": no report: " + e.getMessage(), e);
        }
    }
}
