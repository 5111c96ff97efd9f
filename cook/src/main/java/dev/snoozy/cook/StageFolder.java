package dev.snoozy.cook;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.Sha256;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a stage. A small file in it says what its content is made from, and as soon as it
 * is complete, which files there are with their digests. So a stage is done once for the same
 * inputs, goes on if it was broken off, and what somebody has changed is made again.
 */
final class StageFolder {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RECORD = "stage.json";

    private final Path folder;
    private final String key;

    /**
     * A file that a stage has made.
     *
     * @param name below the folder
     */
    record Made(String name, long bytes, String sha256) {}

    /**
     * @param key changes with everything that the result depends on
     */
    StageFolder(Path folder, String key) {
        this.folder = folder;
        this.key = key;
    }

    Path path() {
        return folder;
    }

    /** The files of a stage that is complete and as it was; none if it must be done (again). */
    List<Made> made() throws IOException {
        JsonNode record = record();
        if (!record.path("key").asString("").equals(key) || !record.has("files")) {
            return List.of();
        }
        List<Made> made = new ArrayList<>();
        for (JsonNode file : record.path("files")) {
            String name = file.path("name").asString("");
            Path path = folder.resolve(name);
            String digest = file.path("sha256").asString("");
            if (!Files.isRegularFile(path)) {
                return List.of();
            }
            boolean untouched =
                    Files.size(path) == file.path("bytes").asLong(-1)
                            && modified(path) == file.path("modified").asLong(-1);
            if (!untouched && !Sha256.of(path).equals(digest)) {
                return List.of();
            }
            made.add(new Made(name, Files.size(path), digest));
        }
        return made;
    }

    /**
     * Makes the folder ready: what was begun with the same key stays, to go on with; what another
     * run of another recipe has left goes.
     *
     * @return whether something is there to go on with
     * @throws CookException if the folder holds what no cook has written
     */
    boolean begin() throws IOException {
        if (Files.isDirectory(folder)) {
            JsonNode record = record();
            if (record.path("key").asString("").equals(key) && !record.has("files")) {
                deleteTorn();
                return true;
            }
            if (!record.has("key") && !isEmpty(folder)) {
                throw new CookException(
                        folder
                                + " holds files that no cook has written; cure: another folder for"
                                + " the results, or remove them");
            }
            delete(folder);
        }
        Files.createDirectories(folder);
        write(JSON.createObjectNode().put("key", key));
        return false;
    }

    /** Says that the stage is complete. */
    List<Made> finish(List<String> names) throws IOException {
        ObjectNode record = JSON.createObjectNode().put("key", key);
        ArrayNode files = record.putArray("files");
        List<Made> made = new ArrayList<>();
        for (String name : names) {
            Path file = folder.resolve(name);
            String digest = Sha256.of(file);
            made.add(new Made(name, Files.size(file), digest));
            files.addObject()
                    .put("name", name)
                    .put("bytes", Files.size(file))
                    .put("sha256", digest)
                    .put("modified", modified(file));
        }
        write(record);
        return made;
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    private JsonNode record() throws IOException {
        Path file = folder.resolve(RECORD);
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JacksonException e) {
            return JSON.createObjectNode().put("key", "");
        }
    }

    private void write(ObjectNode record) throws IOException {
        writeText(folder.resolve(RECORD), record.toPrettyString() + "\n");
    }

    /** Writes a small file as a whole. */
    static void writeText(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** What a process that was killed had half written. */
    private void deleteTorn() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(StageFolder::isTorn).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isTorn(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(".") && name.endsWith(".part") && Files.isRegularFile(file);
    }

    /**
     * The record goes last, so that a deletion that was broken off can be told from other files.
     */
    private void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Path record = folder.resolve(RECORD);
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder) && !file.equals(record)) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(record);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
