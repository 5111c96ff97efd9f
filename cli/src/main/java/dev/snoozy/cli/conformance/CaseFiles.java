package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Finding and reading the files of outside facts, packed or not. */
final class CaseFiles {
    private CaseFiles() {}

    /** The file itself, or all files below a folder, in the order of their paths. */
    static List<Path> below(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw new WrongUseException("no such file or folder: " + place);
        }
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The files below several places. */
    static List<Path> below(List<Path> places) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path place : places) {
            all.addAll(below(place));
        }
        return all;
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** The file's name without {@code .gz} and without the given ending, if it has them. */
    static String stem(Path file, String ending) {
        String name = withoutEnding(name(file), ".gz");
        return withoutEnding(name, ending);
    }

    private static String withoutEnding(String name, String ending) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        return name(file).endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    static JsonNode json(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return Json.mapper().readTree(in);
        }
    }

    /** Calls with every line that is not empty, as JSON. */
    static void lines(Path file, Consumer<JsonNode> each) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            reader.lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> each.accept(Json.mapper().readTree(line)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Matches a name against a pattern with {@code *} and {@code ?}; no pattern matches all. */
    static Predicate<String> glob(@Nullable String pattern) {
        if (pattern == null) {
            return name -> true;
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        return name -> matcher.matches(Path.of(name));
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asDouble();
        }
        return values;
    }
}
