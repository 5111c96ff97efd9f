package dev.snoozy.documents.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.documents.extract.ExtractedDocument;
import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.SearchRequest;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Of BoolQ at CI size; all 3,270 with the property. */
    private static final int QUESTIONS = Integer.getInteger("snoozy.documents.questions", 600);

    @TempDir private Path folder;

    /**
     * A question.
     *
     * @param answer text that a passage must have, without white space
     */
    private record Question(String text, String answer) {}

    /**
     * What came of the questions.
     *
     * @param texts of the files that were searched
     */
    private record Scores(Score ours, Score theirs, List<String> texts) {}

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
        Scores scores = scores(List.of(data.resolve("docs"), texts), questions);
        List<String> squeezed =
                scores.texts().stream().map(RetrievalBenchmarkTest::squeezed).toList();
        for (Question question : questions) {
            assertThat(places(question.answer(), squeezed))
                    .as("how often the answer to \"%s\" stands in the files", question.text())
                    .isBetween(1, MOST_PLACES);
        }
        Score ours = scores.ours();
        Score theirs = scores.theirs();
        assertThat(ours.recall(5)).isGreaterThan(theirs.recall(SnippetScheme.SHOWN) + 0.1);
        assertThat(ours.reciprocalRank()).isGreaterThan(theirs.reciprocalRank());
        assertThat(Score.chance(ours, SnippetScheme.SHOWN, theirs, SnippetScheme.SHOWN))
                .isLessThan(0.001);
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
        Scores scores = scores(List.of(texts), questions);
        Score ours = scores.ours();
        Score theirs = scores.theirs();
        assertThat(ours.recall(5)).isGreaterThan(theirs.recall(SnippetScheme.SHOWN));
        assertThat(ours.reciprocalRank()).isGreaterThan(theirs.reciprocalRank());
        assertThat(Score.chance(ours, 5, theirs, SnippetScheme.SHOWN)).isLessThan(0.001);
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

    private Scores scores(List<Path> places, List<Question> questions) throws Exception {
        Score ours = new Score("words, ours", CHARACTERS);
        Score theirs = new Score("words, LocalDocs", CHARACTERS);
        List<String> texts = new ArrayList<>();
        try (DocumentCollection collection =
                        new DocumentLibrary(folder.resolve("library")).openOrCreate("bench");
                Extractor extractor = new Extractor(ExtractionLimits.defaults(), 2)) {
            collection.add(places);
            List<Path> files = new ArrayList<>();
            collection.update(
                    Optional.empty(),
                    extractor,
                    (done, total, file, changed) -> {
                        if (file.chunks() > 0) {
                            files.add(file.path());
                        }
                    });
            for (Path file : files) {
                ExtractedDocument document = extractor.extract(file);
                texts.add(document.text());
            }
            try (SnippetScheme scheme = new SnippetScheme(texts)) {
                for (Question question : questions) {
                    SearchRequest request = SearchRequest.of(question.text(), DEPTH);
                    List<String> found =
                            collection.search(request, Optional.empty(), Optional.empty()).stream()
                                    .map(hit -> hit.chunk().text())
                                    .toList();
                    add(ours, found, question);
                    add(theirs, scheme.find(request.withCount(SnippetScheme.SHOWN)), question);
                }
            }
        }
        System.out.printf(
                "%d questions, %d files%n| search | recall@1 | @3 | @5 | MRR | within %d characters |%n",
                questions.size(), texts.size(), CHARACTERS);
        System.out.println(ours);
        System.out.println(theirs);
        System.out.printf(
                "chance of the difference, 5 of ours against 3: %.2g; 3 against 3: %.2g%n",
                Score.chance(ours, 5, theirs, SnippetScheme.SHOWN),
                Score.chance(ours, 3, theirs, SnippetScheme.SHOWN));
        return new Scores(ours, theirs, texts);
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
