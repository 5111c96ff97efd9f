package dev.snoozy.documents.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.documents.extract.Block;
import dev.snoozy.documents.extract.Block.Kind;
import dev.snoozy.documents.extract.ExtractedDocument;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Chunks: whole sentences, within the limit, nothing lost, with lines and headings. */
class ChunkerTest {
    private static final int LIMIT = 64;

    private static ExtractedDocument document(List<Block> blocks) {
        return new ExtractedDocument("", "text/plain", blocks, List.of());
    }

    @Test
    void everySentenceIsInAChunkAndNoChunkIsTooLong() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Block> blocks = new ArrayList<>();
            List<String> sentences = new ArrayList<>();
            int line = 1;
            for (int b = 0; b < 12; b++) {
                StringBuilder text = new StringBuilder();
                for (int s = 0; s <= random.nextInt(12); s++) {
                    String sentence =
                            "Number %d %s ends."
                                    .formatted(sentences.size(), "word ".repeat(random.nextInt(12)))
                                    .replaceAll(" +", " ");
                    sentences.add(sentence);
                    text.append(text.isEmpty() ? "" : "\n").append(sentence);
                }
                blocks.add(new Block(Kind.TEXT, text.toString(), List.of("H" + b / 4), 0, line));
                line += 20;
            }
            List<Chunk> chunks =
                    new Chunker(TokenCounter::estimate, LIMIT).chunks(document(blocks));
            for (Chunk chunk : chunks) {
                // Spaces between units are not counted.
                assertThat(TokenCounter.estimate(chunk.text()))
                        .as("seed " + seed)
                        .isLessThan(LIMIT + LIMIT / 4);
            }
            for (String sentence : sentences) {
                assertThat(chunks).as("seed " + seed).anyMatch(c -> c.text().contains(sentence));
            }
        }
    }

    @Test
    void aChunkBeginsWithTheEndOfTheOneBefore() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("Sentence ").append(i).append(" here. ");
        }
        List<Chunk> chunks =
                new Chunker(TokenCounter::estimate, LIMIT)
                        .chunks(
                                document(
                                        List.of(
                                                new Block(
                                                        Kind.TEXT,
                                                        text.toString().strip(),
                                                        List.of(),
                                                        3,
                                                        0))));
        assertThat(chunks).hasSizeGreaterThan(2);
        for (int i = 1; i < chunks.size(); i++) {
            String first = chunks.get(i).text().substring(0, chunks.get(i).text().indexOf('.') + 1);
            assertThat(chunks.get(i - 1).text()).contains(first).doesNotStartWith(first);
            assertThat(chunks.get(i).page()).isEqualTo(3);
        }
    }

    @Test
    void aNewSectionIsANewChunkUnlessTheOldOneIsShort() {
        String some = "Words of a section that are more than a few. ".repeat(3).strip();
        List<Chunk> chunks =
                new Chunker(TokenCounter::estimate, LIMIT)
                        .chunks(
                                document(
                                        List.of(
                                                new Block(Kind.HEADING, "One", List.of(), 0, 1),
                                                new Block(Kind.TEXT, some, List.of("One"), 0, 2),
                                                new Block(Kind.HEADING, "Two", List.of(), 0, 5),
                                                new Block(
                                                        Kind.TEXT, "Short.", List.of("Two"), 0, 6),
                                                new Block(Kind.HEADING, "Three", List.of(), 0, 8),
                                                new Block(
                                                        Kind.TEXT,
                                                        "End.",
                                                        List.of("Three"),
                                                        0,
                                                        9))));
        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).text()).startsWith("One\n");
        assertThat(chunks.get(0).line()).isEqualTo(1);
        assertThat(chunks.get(1).text()).isEqualTo("Two\nShort.\nThree\nEnd.");
        assertThat(chunks.get(1).line()).isEqualTo(5);
        assertThat(chunks.get(1).lastLine()).isEqualTo(9);
    }

    @Test
    void aWordWithoutEndIsCut() {
        String text = "x".repeat(10_000);
        List<Chunk> chunks =
                new Chunker(TokenCounter::estimate, LIMIT)
                        .chunks(document(List.of(new Block(Kind.TEXT, text, List.of(), 0, 1))));
        assertThat(String.join("", chunks.stream().map(Chunk::text).toList()).replaceAll("\\s", ""))
                .hasSizeGreaterThanOrEqualTo(text.length());
        assertThat(chunks).allMatch(c -> TokenCounter.estimate(c.text()) <= LIMIT + 4);
    }
}
