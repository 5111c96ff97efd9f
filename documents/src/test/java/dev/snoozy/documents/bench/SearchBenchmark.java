package dev.snoozy.documents.bench;

import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How fast many files are read and searched by words, by hand: {@code SearchBenchmark FOLDER [FILES
 * [SEARCHES]]}. Makes files of 12 KB from paragraphs of the texts of the test data, and a
 * collection of them, in a folder that a later call finds again.
 */
final class SearchBenchmark {
    private static final int FILE_CHARACTERS = 11_900;

    private final SplittableRandom random = new SplittableRandom(3);
    private final List<String> paragraphs = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();

    private SearchBenchmark() throws IOException {
        Path texts = Data.shared().resolve("text");
        for (String name : List.of("wikitext-2-test.tokens", "war-and-peace", "tinyshakespeare")) {
            byte[] bytes = Data.read(texts.resolve(name + ".txt.gz"));
            for (String part : new String(bytes, StandardCharsets.UTF_8).split("\\n\\s*\\n")) {
                paragraphs.add(part.strip());
                for (String sentence : part.split("[.!?]\\s")) {
                    if (sentence.split("\\s+").length > 12) {
                        sentences.add(sentence.strip());
                    }
                }
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int files = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        int searches = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 400;
        SearchBenchmark benchmark = new SearchBenchmark();
        Path texts = folder.resolve("texts");
        if (!Files.isDirectory(texts)) {
            benchmark.write(Files.createDirectories(texts), files);
        }
        try (DocumentCollection collection =
                new DocumentLibrary(folder.resolve("library")).openOrCreate("bench")) {
            if (collection.settings().places().isEmpty()) {
                collection.add(List.of(texts));
                update(collection);
            }
            benchmark.search(collection, searches);
        }
    }

    private void write(Path folder, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < FILE_CHARACTERS) {
                text.append(any(paragraphs)).append("\n\n");
            }
            Files.writeString(folder.resolve("text%05d.txt".formatted(i)), text);
        }
    }

    private static void update(DocumentCollection collection) throws Exception {
        long start = System.nanoTime();
        try (Extractor extractor = new Extractor(ExtractionLimits.defaults(), 2)) {
            collection.update(Optional.empty(), extractor, (done, total, file, changed) -> {});
        }
        System.out.printf(
                "%,d files read in %.1f s%n",
                collection.files().size(), (System.nanoTime() - start) / 1e9);
    }

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Words that follow each other in a sentence of the texts. */
    private String words(int count) {
        String[] all = any(sentences).split("\\s+");
        int from = random.nextInt(all.length - count + 1);
        return String.join(" ", Arrays.copyOfRange(all, from, from + count));
    }

    private void search(DocumentCollection collection, int searches) throws IOException {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        for (int i = 0; i < searches; i++) {
            time(times, "a word", collection, words(1));
            time(times, "three words", collection, words(3));
            time(times, "a sentence of twelve", collection, words(12));
            time(times, "a question", collection, "What did he say about " + words(4) + "?");
            time(times, "frequent words", collection, "said one man time long great");
        }
        System.out.println("| searches for | median, ms | 95 % | 99 % | slowest |");
        List<Double> all = new ArrayList<>();
        times.forEach((kind, some) -> {
            // The first quarter warms Java's code up.
            List<Double> warm = some.subList(some.size() / 4, some.size());
            all.addAll(warm);
            print(kind, warm);
        });
        print("all", all);
    }

    private static void time(
            Map<String, List<Double>> times, String kind, DocumentCollection from, String question)
            throws IOException {
        long start = System.nanoTime();
        from.search(SearchRequest.of(question, 5), Optional.empty(), Optional.empty());
        double milliseconds = (System.nanoTime() - start) / 1e6;
        times.computeIfAbsent(kind, any -> new ArrayList<>()).add(milliseconds);
    }

    private static void print(String kind, List<Double> times) {
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                "| %s | %.1f | %.1f | %.1f | %.1f |%n",
                kind,
                sorted[sorted.length / 2],
                sorted[sorted.length * 95 / 100],
                sorted[sorted.length * 99 / 100],
                sorted[sorted.length - 1]);
    }
}
