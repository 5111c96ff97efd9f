package dev.snoozy.eval;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results of a task's items as they come, a JSON line each behind a line that says what they
 * are results of. A line that was being written when the program ended is written again.
 */
final class ResultFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int VERSION = 1;

    private final Map<Integer, ItemResult> known = new LinkedHashMap<>();
    private final @Nullable BufferedWriter writer;

    private ResultFile(@Nullable BufferedWriter writer) {
        this.writer = writer;
    }

    /**
     * Opens the file of a task, with what an earlier run of the same evaluation has left in it.
     *
     * @throws EvalException if it holds results of something else
     */
    static ResultFile open(EvalOptions options, TaskSet set, int most) throws IOException {
        if (options.folder() == null) {
            return new ResultFile(null);
        }
        Files.createDirectories(options.folder());
        Path file = of(options.folder(), set.task());
        String header = header(options, set, most);
        List<String> lines = Files.exists(file) ? whole(file) : List.of();
        if (!lines.isEmpty() && !lines.getFirst().equals(header)) {
            throw new EvalException(
                    file
                            + ": holds results of another evaluation; expected "
                            + header
                            + ", found "
                            + lines.getFirst()
                            + "; cure: another folder, or remove the file");
        }
        List<ItemResult> items = new ArrayList<>();
        for (String line : lines.isEmpty() ? lines : lines.subList(1, lines.size())) {
            items.add(item(file, line));
        }
        // Written anew without the torn line, beside and then in place of the old.
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        List<String> kept = lines.isEmpty() ? List.of(header) : lines;
        Files.write(fresh, kept, StandardCharsets.UTF_8);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        ResultFile result =
                new ResultFile(
                        Files.newBufferedWriter(
                                file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
        items.forEach(item -> result.known.put(item.index(), item));
        return result;
    }

    static Path of(Path folder, Task task) {
        return folder.resolve(task.id() + ".jsonl");
    }

    /** All that a file holds; nothing if not even its header is whole. */
    static Optional<TaskResult> read(Path file, Task task) throws IOException {
        List<String> lines = whole(file);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        List<ItemResult> items = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            items.add(item(file, line));
        }
        items.sort(Comparator.comparingInt(ItemResult::index));
        try {
            String digest = JSON.readTree(lines.getFirst()).path("task_sha256").asString();
            return Optional.of(new TaskResult(task, digest, items));
        } catch (JacksonException e) {
            throw new EvalException(file + ": no results of an evaluation", e);
        }
    }

    /** The lines that were written to their ends. */
    private static List<String> whole(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static String header(EvalOptions options, TaskSet set, int most) {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", VERSION)
                .put("task", set.task().id())
                .put("task_sha256", set.sha256())
                .put("profile", options.profile().id())
                .put("model_sha256", options.sha256())
                .put("context", most);
        return JSON.writeValueAsString(node);
    }

    /** The result of an item, if an earlier run has left it. */
    @Nullable ItemResult known(int index) {
        return known.get(index);
    }

    /** Keeps a result. */
    void add(ItemResult item) throws IOException {
        if (writer != null) {
            writer.write(JSON.writeValueAsString(node(item)));
            writer.write('\n');
            writer.flush();
        }
    }

    private static ObjectNode node(ItemResult item) {
        ObjectNode node = JSON.createObjectNode();
        node.put("index", item.index()).put("gold", item.gold());
        node.put("choice", item.choice()).put("choice_norm", item.normalisedChoice());
        ArrayNode scores = node.putArray("scores");
        item.scores().forEach(scores::add);
        ArrayNode normalised = node.putArray("normalised");
        item.normalised().forEach(normalised::add);
        ArrayNode tokens = node.putArray("tokens");
        item.tokens().forEach(tokens::add);
        ArrayNode greedy = node.putArray("greedy");
        item.greedy().forEach(greedy::add);
        node.put("truncated", item.truncated());
        return node.put("naive_tokens", item.naive()).put("evaluated_tokens", item.evaluated());
    }

    private static ItemResult item(Path file, String line) {
        try {
            JsonNode node = JSON.readTree(line);
            List<Double> scores = new ArrayList<>();
            node.path("scores").forEach(n -> scores.add(n.asDouble()));
            List<Double> normalised = new ArrayList<>();
            node.path("normalised").forEach(n -> normalised.add(n.asDouble()));
            List<Integer> tokens = new ArrayList<>();
            node.path("tokens").forEach(n -> tokens.add(n.asInt()));
            List<Boolean> greedy = new ArrayList<>();
            node.path("greedy").forEach(n -> greedy.add(n.asBoolean()));
            return new ItemResult(
                    node.path("index").asInt(),
                    node.path("gold").asInt(),
                    scores,
                    normalised,
                    tokens,
                    greedy,
                    node.path("truncated").asBoolean(),
                    node.path("naive_tokens").asInt(),
                    node.path("evaluated_tokens").asInt());
        } catch (JacksonException e) {
            throw new EvalException(
                    file + ": expected a result, found " + line + "; cure: remove the file", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
