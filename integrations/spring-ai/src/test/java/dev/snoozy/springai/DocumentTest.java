package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The examples of the page are those that are compiled and run. */
class DocumentTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern REGION =
            Pattern.compile("(?s)// @start region=[^\n]*\n(.*?)\n *// @end");

    @Test
    void theExamplesOfThePageAreTheRegionsOfTheCode() throws IOException {
        Path tests = Path.of("integrations/spring-ai/src/test/java/dev/snoozy/springai");
        List<String> page = found(BLOCK, Path.of("docs/spring-ai.md"));
        List<String> code = found(REGION, tests.resolve("Examples.java"));
        assertThat(page).isNotEmpty().isSubsetOf(code);
    }

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        String text = Files.readString(Data.root().resolve(file));
        List<String> found = new ArrayList<>();
        for (MatchResult match : pattern.matcher(text).results().toList()) {
            found.add(match.group(1).stripTrailing().stripIndent());
        }
        return found;
    }
}
