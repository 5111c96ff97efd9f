package dev.snoozy.format;

import dev.snoozy.format.json.JsonReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The index of a sharded checkpoint, {@code NAME.safetensors.index.json}, as Hugging Face's
 * libraries write it: its {@code weight_map} says in which file each tensor lies.
 *
 * @param tensors the names of the tensors of each file, the files in the order of their first
 *     tensor
 */
record SafetensorsIndex(Map<String, Set<String>> tensors) {
    private static final String SUFFIX = ".index.json";

    /** Whether a file is an index, by its name. */
    static boolean is(Path path) {
        return String.valueOf(path.getFileName()).endsWith(SUFFIX);
    }

    /**
     * Reads an index.
     *
     * @throws FormatException if it is not well-formed or names a file that is not beside it
     */
    static SafetensorsIndex read(Path path) throws IOException {
        String what = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path) && Files.exists(path)) {
            throw new FormatException("expected a regular file, found something else: " + path);
        }
        long size = Files.size(path);
        if (size > SafetensorsReader.LONGEST_HEADER) {
            throw new FormatException(
                    "%s: found an index of %d bytes, expected at most %d"
                            .formatted(what, size, SafetensorsReader.LONGEST_HEADER));
        }
        JsonReader json = new JsonReader(what, Files.readAllBytes(path));
        Map<String, Set<String>> tensors = new LinkedHashMap<>();
        json.object(key -> {
            if (!key.equals("weight_map")) {
                json.skip();
                return;
            }
            json.object(
                    name -> tensors.computeIfAbsent(file(json), f -> new HashSet<>()).add(name));
        });
        json.end();
        if (tensors.isEmpty()) {
            throw new FormatException(
                    what + ": expected a weight_map with the file of each tensor, found none");
        }
        return new SafetensorsIndex(tensors);
    }

    /**
     * Reads the name of a file. Only plain names are allowed, so that an index never leads out of
     * its folder; those that mean something else on some system are refused on all.
     */
    private static String file(JsonReader json) {
        int place = json.place();
        String name = json.string();
        boolean plain =
                name.endsWith(".safetensors")
                        && name.chars().noneMatch(c -> c < 0x20 || "/\\:".indexOf(c) >= 0);
        if (!plain) {
            throw json.wrong(
                    place,
                    "the file name " + name,
                    "the name of a .safetensors file in the same folder");
        }
        return name;
    }

    /** Refuses a shard that holds other tensors than the index says. */
    void check(String shard, List<SafetensorInfo> found) {
        Set<String> missing = new HashSet<>(tensors.getOrDefault(shard, Set.of()));
        for (SafetensorInfo tensor : found) {
            if (!missing.remove(tensor.name())) {
                throw new FormatException(
                        "%s: found the tensor %s, expected only those that the index lists for this file"
                                .formatted(shard, tensor.name()));
            }
        }
        if (!missing.isEmpty()) {
            throw new FormatException(
                    "%s: expected the tensor %s, which the index lists, found it not; get file and index again"
                            .formatted(shard, missing.stream().min(String::compareTo).get()));
        }
    }
}
