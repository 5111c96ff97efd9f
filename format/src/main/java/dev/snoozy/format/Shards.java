package dev.snoozy.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a split model, as {@code gguf-split} of llama.cpp writes them: {@code
 * NAME-00001-of-00003.gguf}, with the keys {@code split.no}, {@code split.count} and {@code
 * split.tensors.count}.
 */
final class Shards {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})(\\.gguf)");

    private Shards() {}

    /** Maps a file. */
    @FunctionalInterface
    interface Opener {
        MemorySegment open(Path path) throws IOException;
    }

    /** The given file and the shards that belong to it. */
    static List<MemorySegment> open(Path path, MemorySegment first, Opener opener)
            throws IOException {
        GgufReader.Head head = GgufReader.read(first);
        int count = count(head.metadata());
        if (count == 1) {
            return List.of(first);
        }
        String file = String.valueOf(path.getFileName());
        Matcher name = NAME.matcher(file);
        if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
            throw new FormatException(
                    "%s is one of %d shards: expected a name that ends in -00001-of-%05d.gguf"
                            .formatted(file, count, count));
        }
        if (number(head.metadata()) != 0) {
            throw new FormatException(
                    "%s is shard %d of %d: open the first, %s"
                            .formatted(
                                    file,
                                    number(head.metadata()) + 1,
                                    count,
                                    sibling(name, 1, count)));
        }
        List<MemorySegment> files = new ArrayList<>(List.of(first));
        long tensors = head.tensors().size();
        for (int i = 2; i <= count; i++) {
            String shard = sibling(name, i, count);
            MemorySegment segment = open(path.resolveSibling(shard), count, opener);
            tensors += check(shard, GgufReader.read(segment), i - 1, count);
            files.add(segment);
        }
        int announced = head.metadata().integer(TENSORS, (int) tensors);
        if (announced != tensors) {
            throw new FormatException(
                    "%s: expected %d tensors in the %d shards, found %d"
                            .formatted(file, announced, count, tensors));
        }
        return files;
    }

    /** Refuses the metadata of a shard where the others cannot be reached. */
    static void refuse(Metadata metadata) {
        if (count(metadata) > 1) {
            throw new FormatException(
                    "one of %d shards: open the first of the files, not packed ones"
                            .formatted(count(metadata)));
        }
    }

    private static MemorySegment open(Path path, int count, Opener opener) throws IOException {
        try {
            return opener.open(path);
        } catch (NoSuchFileException e) {
            throw new FormatException(
                    "expected %d shards beside each other, found no %s"
                            .formatted(count, path.getFileName()),
                    e);
        }
    }

    private static int check(String file, GgufReader.Head head, int number, int count) {
        int foundNumber = number(head.metadata());
        int foundCount = count(head.metadata());
        if (foundNumber != number || foundCount != count) {
            throw new FormatException(
                    "%s: expected shard %d of %d, found shard %d of %d"
                            .formatted(file, number + 1, count, foundNumber + 1, foundCount));
        }
        return head.tensors().size();
    }

    private static int number(Metadata metadata) {
        return metadata.integer(NUMBER, 0);
    }

    private static int count(Metadata metadata) {
        int count = metadata.integer(COUNT, 1);
        if (count < 0 || count > 99_999) {
            throw new FormatException("%s: found %d, expected 1 to 99999".formatted(COUNT, count));
        }
        return Math.max(count, 1);
    }

    private static String sibling(Matcher name, int number, int count) {
        return "%s-%05d-of-%05d%s".formatted(name.group(1), number, count, name.group(4));
    }
}
