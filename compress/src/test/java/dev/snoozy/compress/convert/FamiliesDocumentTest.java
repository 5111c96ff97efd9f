package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of classes in {@code docs/compress.md} is what the code knows. With {@code
 * -Dfamilies.write=true} it is written anew.
 */
class FamiliesDocumentTest {
    private static final Path PAGE = Data.root().resolve("docs/compress.md");
    private static final String BEGIN =
            "<!-- families: written by the tests with -Dfamilies.write=true -->\n";
    private static final String END = "<!-- end of families -->\n";

    @Test
    void thePageNamesTheClassesOfEachArchitecture() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(end).isGreaterThan(begin - 1);
        String table = table();
        if (Boolean.getBoolean("families.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("to write it: -Dfamilies.write=true")
                .isEqualTo(table);
    }

    private static String table() {
        Map<String, List<String>> classes = new TreeMap<>();
        for (Family family : Families.ALL) {
            classes.computeIfAbsent(family.architecture(), name -> new ArrayList<>())
                    .addAll(family.classes());
        }
        StringBuilder table = new StringBuilder("| GGUF | classes of checkpoints |\n|---|---|\n");
        classes.forEach((architecture, names) ->
                table.append("| %s | %s |\n".formatted(architecture, String.join(", ", names))));
        return table.toString();
    }
}
