package dev.snoozy.documents.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.documents.index.SearchRequest.Method;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How often the passage that answers a question is found, against LocalDocs' own scheme. Questions
 * of our own over the shipped documents and texts, and those of BoolQ (Clark et al. 2019), whose
 * passages are put into files of twenty. The tables of docs/documents.md are what this prints.
 */
class RetrievalBenchmarkTest {
    private static final int DEPTH = 10;
    private static final int PASSAGES_PER_FILE = 20;

    /** An answer that stands in more places than this tells no passage from another. */
    private static final int MOST_PLACES = 2;

    /** What LocalDocs puts into a prompt: 3 snippets of 512 characters. */
    private static final int CHARACTERS = 3 * 512;

    /** Of BoolQ at CI size; there are 1,635. */
    private static final int QUESTIONS = Integer.getInteger("snoozy.documents.questions", 400);

    private static final Map<Method, String> NAMES =
            Map.of(Method.WORDS, "words", Method.VECTORS, "vectors", Method.HYBRID, "fused");

    @TempDir private Path folder;

    /**
     * A question.
     *
     * @param answer text that a passage must have, without white space
     */
    private record Question(String text, String answer) {}

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void ownQuestionsOverTheShippedTexts() throws Exception {
        Path data = Data.shared();
        assumeTrue(Files.isDirectory(data.resolve("docs")), "no shared data");
        Path texts = Files.createDirectories(folder.resolve("texts"));
        for (String name : List.of("wikitext-2-test.tokens", "war-and-peace", "tinyshakespeare")) {
            byte[] bytes = Data.read(data.resolve("text").resolve(name + ".txt.gz"));
            Files.write(texts.resolve(name + ".txt"), bytes);
        }
        List<Question> questions = new ArrayList<>();
        for (JsonNode line : lines(resource("questions.jsonl"))) {
            questions.add(
                    new Question(
                            line.path("question").asString(),
                            squeezed(line.path("answer").asString())));
        }
        assertThat(questions).extracting(Question::text).doesNotHaveDuplicates();
        Table table = table(List.of(data.resolve("docs"), texts), questions);
        List<String> squeezed =
                table.texts().stream().map(RetrievalBenchmarkTest::squeezed).toList();
        for (Question question : questions) {
            assertThat(places(question.answer(), squeezed))
                    .as("how often the answer to \"%s\" stands in the files", question.text())
                    .isBetween(1, MOST_PLACES);
        }
        assertAhead(table, 0.1);
        assertThat(chance(table, Method.WORDS, SnippetScheme.SHOWN)).isLessThan(0.001);
        assertThat(chance(table, Method.HYBRID, 5)).isLessThan(0.001);
    }

    @Test
    void questionsOfBoolq() throws Exception {
        Path file = Data.shared().resolve("eval").resolve("boolq_dev.jsonl.gz");
        assumeTrue(Files.exists(file), "no shared data");
        Path texts = Files.createDirectories(folder.resolve("boolq"));
        List<Question> questions = new ArrayList<>();
        Map<String, Integer> passages = new LinkedHashMap<>();
        for (JsonNode line : lines(new String(Data.read(file), StandardCharsets.UTF_8))) {
            String passage = line.path("passage").asString().strip();
            passages.putIfAbsent(passage, passages.size());
            if (questions.size() < QUESTIONS) {
                // The middle of the passage: any part of it would do to tell it from others.
                String middle = squeezed(passage);
                int from = Math.max(0, middle.length() / 2 - 30);
                questions.add(
                        new Question(
                                line.path("question").asString() + "?",
                                middle.substring(from, Math.min(middle.length(), from + 60))));
            }
        }
        List<String> all = List.copyOf(passages.keySet());
        for (int i = 0; i < all.size(); i += PASSAGES_PER_FILE) {
            List<String> some = all.subList(i, Math.min(all.size(), i + PASSAGES_PER_FILE));
            Files.writeString(
                    texts.resolve("part%04d.txt".formatted(i)), String.join("\n\n", some));
        }
        Table table = table(List.of(texts), questions);
        assertAhead(table, 0);
        for (Method method : Method.values()) {
            assertThat(chance(table, method, 5)).as("%s", method).isLessThan(0.001);
        }
    }

    private static int places(String answer, List<String> texts) {
        int places = 0;
        for (String text : texts) {
            for (int at = text.indexOf(answer); at >= 0; at = text.indexOf(answer, at + 1)) {
                places++;
            }
        }
        return places;
    }

    /**
     * What came of the questions: ours and theirs by each method, and ours by all of them with a
     * reranker.
     *
     * @param texts of the files that were searched
     */
    private record Table(
            List<String> texts,
            Map<Method, Score> allOurs,
            Map<Method, Score> allTheirs,
            Score reranked) {
        Score ours(Method method) {
            return Objects.requireNonNull(allOurs.get(method));
        }

        Score theirs(Method method) {
            return Objects.requireNonNull(allTheirs.get(method));
        }
    }

    /** That of the difference between so many of ours and all of theirs. */
    private static double chance(Table table, Method method, int ours) {
        return Score.chance(table.ours(method), ours, table.theirs(method), SnippetScheme.SHOWN);
    }

    private static void assertAhead(Table table, double margin) {
        for (Method method : Method.values()) {
            Score ours = table.ours(method);
            Score theirs = table.theirs(method);
            assertThat(ours.recall(5))
                    .as("recall, %s", method)
                    .isGreaterThan(theirs.recall(SnippetScheme.SHOWN) + margin);
            assertThat(ours.reciprocalRank())
                    .as("MRR, %s", method)
                    .isGreaterThan(theirs.reciprocalRank());
        }
    }

    private Table table(List<Path> places, List<Question> questions) throws Exception {
        DocumentLibrary library = new DocumentLibrary(folder.resolve("library"));
        try (Extractor extractor = new Extractor(ExtractionLimits.defaults(), 2)) {
            List<String> texts = new ArrayList<>();
            try (DocumentCollection read = library.openOrCreate("read")) {
                read.add(places);
                read.update(Optional.empty(), extractor, (done, total, file, changed) -> {});
                for (FileState file : read.files()) {
                    if (file.chunks() > 0) {
                        texts.add(extractor.extract(file.path()).text());
                    }
                }
            }
            // Vectors are made from the texts. A collection of its own: one that had them added
            // later would count what they replaced in its scores for a while.
            try (BenchmarkModels models = BenchmarkModels.of(texts);
                    SnippetScheme scheme = new SnippetScheme(texts, models.embedder());
                    DocumentCollection collection = library.openOrCreate("vectors")) {
                collection.add(places);
                collection.update(
                        Optional.of(models.embedder()),
                        extractor,
                        (done, total, file, changed) -> {});
                Table table =
                        new Table(
                                texts,
                                scores("ours"),
                                scores("LocalDocs"),
                                new Score("fused, reranked, ours", CHARACTERS));
                ask(questions, collection, scheme, models, table);
                print(table, questions.size());
                return table;
            }
        }
    }

    private static Map<Method, Score> scores(String whose) {
        Map<Method, Score> scores = new EnumMap<>(Method.class);
        for (Method method : Method.values()) {
            scores.put(method, new Score(NAMES.get(method) + ", " + whose, CHARACTERS));
        }
        return scores;
    }

    private static void ask(
            List<Question> questions,
            DocumentCollection collection,
            SnippetScheme scheme,
            BenchmarkModels models,
            Table table)
            throws IOException {
        for (Question question : questions) {
            SearchRequest request = SearchRequest.of(question.text(), DEPTH);
            for (Method method : Method.values()) {
                List<Hit> hits =
                        collection.search(
                                request.withMethod(method),
                                Optional.of(models.embedder()),
                                Optional.empty());
                add(table.ours(method), texts(hits), question);
                List<String> found = scheme.find(question.text(), method);
                add(table.theirs(method), found, question);
            }
            List<Hit> reranked =
                    collection.search(
                            request,
                            Optional.of(models.embedder()),
                            Optional.of(models.reranker()));
            add(table.reranked(), texts(reranked), question);
        }
    }

    private static List<String> texts(List<Hit> hits) {
        return hits.stream().map(hit -> hit.chunk().text()).toList();
    }

    private static void print(Table table, int questions) {
        int shown = SnippetScheme.SHOWN;
        System.out.printf(
                "%d questions, %d files%n| search | recall@1 | @3 | @5 | MRR | within %d characters"
                        + " | chance, 5 against 3 | 3 against 3 |%n",
                questions, table.texts().size(), CHARACTERS);
        for (Method method : Method.values()) {
            System.out.printf(
                    "%s %.2g | %.2g |%n",
                    table.ours(method), chance(table, method, 5), chance(table, method, 3));
            System.out.printf("%s | |%n", table.theirs(method));
        }
        Score reranked = table.reranked();
        Score theirs = table.theirs(Method.HYBRID);
        System.out.printf(
                "%s %.2g | %.2g |%n",
                reranked,
                Score.chance(reranked, 5, theirs, shown),
                Score.chance(reranked, 3, theirs, shown));
        Score words = table.ours(Method.WORDS);
        Score fused = table.ours(Method.HYBRID);
        System.out.printf(
                "five of ours: fused and words differ by chance with %.2g, reranked and words with"
                        + " %.2g, reranked and fused with %.2g%n",
                Score.chance(fused, 5, words, 5),
                Score.chance(reranked, 5, words, 5),
                Score.chance(reranked, 5, fused, 5));
    }

    private static void add(Score score, List<String> found, Question question) {
        score.add(
                found.stream().map(t -> squeezed(t).contains(question.answer())).toList(),
                found.stream().map(String::length).toList());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = RetrievalBenchmarkTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<JsonNode> lines(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }
}
