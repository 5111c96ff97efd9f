package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.recipe.Recipe;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests of a whole curation share. */
final class Curate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] WORDS = words();

    private Curate() {}

    private static String[] words() {
        SplittableRandom random = new SplittableRandom(7);
        String[] words = new String[4000];
        for (int i = 0; i < words.length; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = random.nextInt(2, 5); n > 0; n--) {
                word.append("bdfgklmnprstv".charAt(random.nextInt(13)));
                word.append("aeiou".charAt(random.nextInt(5)));
            }
            words[i] = word.toString();
        }
        return words;
    }

    static String text(SplittableRandom random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.append('.').toString();
    }

    static String row(String prompt, String response) {
        return JSON.createObjectNode().put("prompt", prompt).put("response", response).toString();
    }

    /** Rows of every kind: good ones, copies, near copies, empty ones, refusals, broken lines. */
    static List<String> mixed(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>();
        String prompt = "";
        String response = "";
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(10)) {
                case 0 -> lines.add(row(prompt, ""));
                case 1 ->
                        lines.add(
                                row("Say it " + i, "As an AI language model, I cannot say that."));
                case 2 -> lines.add("{\"prompt\": " + i);
                case 3 -> lines.add(row(prompt + "!", response));
                case 4 -> lines.add(row(prompt, response + " Indeed"));
                case 5 -> lines.add(row(prompt, "Write to person" + i + "@gmail.com " + response));
                default -> {
                    prompt = text(random, 12);
                    response = text(random, 60);
                    lines.add(row(prompt, response));
                }
            }
        }
        return lines;
    }

    static CurationReport run(Recipe recipe, Path out, int threads) throws Exception {
        return new Curation(recipe, out, threads, CurationListener.NONE).run();
    }

    /** The bytes of all results by their names, as text. */
    static Map<String, String> results(Path folder) throws IOException {
        Map<String, String> results = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                results.put(
                        String.valueOf(file.getFileName()),
                        new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
        return results;
    }

    static List<JsonNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(l -> (JsonNode) JSON.readTree(l)).toList();
    }
}
