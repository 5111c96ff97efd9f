package dev.snoozy.studio.data;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of a curation, read from the files that it has written, line by line: they may be larger
 * than the memory.
 */
final class RowFiles {
    private static final List<String> KEPT = List.of("train.jsonl", "validation.jsonl");
    private static final String REMOVED = "removed.jsonl";

    /** Of texts, so much is shown. */
    private static final int LONGEST = 4000;

    /** Of a group, so many rows are shown. */
    private static final int MOST_OF_GROUP = 12;

    private static final String ID = "{\"id\":\"";

    private final Path folder;

    RowFiles(Path folder) {
        this.folder = folder;
    }

    @FunctionalInterface
    private interface Taker {
        /** Takes a line; false if no more are wanted. */
        boolean take(String line) throws IOException;
    }

    private void read(String name, Taker taker) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(name))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!taker.take(line)) {
                    return;
                }
            }
        } catch (NoSuchFileException e) {
            // nothing has been written yet
        }
    }

    /**
     * Rows that a rule has removed.
     *
     * @param rule by its name; empty for all
     * @return {@code rows}, and whether there are {@code more}
     */
    ObjectNode removed(String rule, int from, int limit) throws IOException {
        ObjectNode answer = Json.object().put("more", false);
        ArrayNode rows = answer.putArray("rows");
        int[] seen = {0};
        read(
                REMOVED,
                line -> {
                    // A line that does not name the rule is not parsed.
                    if (!rule.isEmpty() && !line.contains("\"rule\":\"" + rule + '"')) {
                        return true;
                    }
                    JsonNode row = Json.parse(line);
                    if (!rule.isEmpty() && !row.path("rule").asString("").equals(rule)) {
                        return true;
                    }
                    if (seen[0]++ >= from) {
                        if (rows.size() == limit) {
                            answer.put("more", true);
                            return false;
                        }
                        rows.add(shown(row));
                    }
                    return true;
                });
        return answer;
    }

    private static final class Group {
        private final ArrayNode removed = Json.array();
        private int more;
    }

    /**
     * Duplicates beside the row that was kept for them.
     *
     * @return {@code groups}, each with {@code kept}, {@code removed} and how many {@code more}
     *     there are; and whether there are {@code more} groups
     */
    ObjectNode groups(int from, int limit) throws IOException {
        Set<String> skipped = new HashSet<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        ObjectNode answer = Json.object().put("more", false);
        read(
                REMOVED,
                line -> {
                    if (!line.contains("\"kept\":\"")) {
                        return true;
                    }
                    JsonNode row = Json.parse(line);
                    String kept = row.path("kept").asString("");
                    if (kept.isEmpty() || skipped.contains(kept)) {
                        return true;
                    }
                    Group group = groups.get(kept);
                    if (group == null && skipped.size() < from) {
                        skipped.add(kept);
                    } else if (group == null && groups.size() == limit) {
                        answer.put("more", true);
                    } else {
                        add(groups.computeIfAbsent(kept, k -> new Group()), row);
                    }
                    return true;
                });
        Map<String, ObjectNode> keepers = keepers(groups.keySet());
        ArrayNode list = answer.putArray("groups");
        groups.forEach((id, group) -> {
            ObjectNode one = list.addObject();
            one.set("kept", keepers.getOrDefault(id, Json.object().put("id", id)));
            one.set("removed", group.removed);
            one.put("more", group.more);
        });
        return answer;
    }

    private static void add(Group group, JsonNode row) {
        if (group.removed.size() < MOST_OF_GROUP) {
            group.removed.add(shown(row));
        } else {
            group.more++;
        }
    }

    /** The rows of these names, wherever they are: the weight of an input may have removed some. */
    private Map<String, ObjectNode> keepers(Set<String> names) throws IOException {
        Map<String, ObjectNode> found = new HashMap<>();
        Taker taker =
                line -> {
                    String id = id(line);
                    if (names.contains(id) && !found.containsKey(id)) {
                        found.put(id, shown(Json.parse(line)));
                    }
                    return found.size() < names.size();
                };
        for (String file : KEPT) {
            if (found.size() < names.size()) {
                read(file, taker);
            }
        }
        if (found.size() < names.size()) {
            read(REMOVED, taker);
        }
        return found;
    }

    private static String id(String line) {
        int end = line.startsWith(ID) ? line.indexOf('"', ID.length()) : -1;
        return end < 0 ? "" : line.substring(ID.length(), end);
    }

    /** A row as the page shows it: texts are cut, and say so. */
    private static ObjectNode shown(JsonNode row) {
        ObjectNode one = Json.object();
        for (String name : List.of("id", "rule", "reason", "file", "line", "source")) {
            if (row.has(name)) {
                one.set(name, row.get(name));
            }
        }
        ArrayNode messages = one.putArray("messages");
        for (JsonNode message : row.path("messages")) {
            String content = message.path("content").asString("");
            boolean cut = content.length() > LONGEST;
            messages.addObject()
                    .put("role", message.path("role").asString(""))
                    .put("content", cut ? content.substring(0, LONGEST) : content)
                    .put("cut", cut);
        }
        return one;
    }
}
