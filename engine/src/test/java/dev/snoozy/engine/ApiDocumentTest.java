package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The examples of the documentation are those that are compiled and run. */
class ApiDocumentTest {
    private static final Path EXAMPLES =
            Path.of("engine/src/test/java/dev/snoozy/engine/Examples.java");

    @Test
    void theExamplesOfThePageAreTheRegionsOfTheCode() throws IOException {
        List<String> page = blocks(Files.readString(Data.root().resolve("docs/api.md")));
        List<String> regions = regions(Files.readString(Data.root().resolve(EXAMPLES)));
        assertThat(page).isNotEmpty().isSubsetOf(regions);
    }

    private static List<String> blocks(String page) {
        List<String> blocks = new ArrayList<>();
        for (int at = page.indexOf("```java\n"); at >= 0; at = page.indexOf("```java\n", at + 1)) {
            int start = at + "```java\n".length();
            blocks.add(page.substring(start, page.indexOf("```", start)).strip());
        }
        return blocks;
    }

    private static List<String> regions(String code) {
        List<String> regions = new ArrayList<>();
        String begin = "// @start region=";
        for (int at = code.indexOf(begin); at >= 0; at = code.indexOf(begin, at + 1)) {
            int start = code.indexOf('\n', at) + 1;
            String region = code.substring(start, code.indexOf("// @end", start));
            regions.add(region.stripIndent().stripTrailing().stripIndent().strip());
        }
        return regions.stream().map(String::stripIndent).map(ApiDocumentTest::leftmost).toList();
    }

    /** Moves a region to the left margin; the line of its end is indented otherwise. */
    private static String leftmost(String region) {
        List<String> lines = region.lines().toList();
        int least =
                lines.stream()
                        .skip(1)
                        .filter(line -> !line.isBlank())
                        .mapToInt(line -> line.length() - line.stripLeading().length())
                        .min()
                        .orElse(0);
        List<String> moved = new ArrayList<>();
        for (String line : lines) {
            boolean first = moved.isEmpty();
            moved.add(first || line.isBlank() ? line.strip() : line.substring(least));
        }
        return String.join("\n", moved);
    }
}
