package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

class PublishedScoresTest {
    @Test
    void eachAverageIsThatOfItsRow() {
        assertThat(PublishedScores.ROWS).hasSize(38);
        for (PublishedScores row : PublishedScores.ROWS) {
            assertThat(row.scores()).hasSize(Task.values().length);
            double mean = row.scores().stream().mapToDouble(s -> s).average().orElseThrow();
            assertThat(row.average()).as(row.model()).isCloseTo(mean, within(0.0501));
        }
    }

    @Test
    void theDocumentHasTheSameRows() throws IOException {
        List<String> lines =
                Files.readAllLines(Data.root().resolve("docs").resolve("published-scores.md"));
        for (PublishedScores row : PublishedScores.ROWS) {
            String figures =
                    Stream.concat(row.scores().stream(), DoubleStream.of(row.average()).boxed())
                            .map(value -> String.format(Locale.ROOT, "%.1f", value))
                            .collect(Collectors.joining(" | "));
            assertThat(lines).contains("| " + row.model() + " | " + figures + " |");
        }
    }
}
