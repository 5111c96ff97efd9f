package dev.snoozy.style;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every source file is in google-java-format (AOSP). To rewrite them: {@code mvn -q test -pl style
 * -am -Dfmt.write=true -Dtest=FormatTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class FormatTest {
    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    @Test
    void everySourceIsFormatted() throws IOException, FormatterException {
        boolean write = Boolean.getBoolean("fmt.write");
        List<Path> unformatted = new ArrayList<>();
        for (Path file : sources()) {
            String found = Files.readString(file);
            String expected = format(found);
            if (!found.equals(expected)) {
                unformatted.add(Data.root().relativize(file));
                if (write) {
                    Files.writeString(file, expected);
                }
            }
        }
        assertThat(write ? List.of() : unformatted)
                .as(
                        "files to format; cure: mvn -q test -pl style -am -Dtest=FormatTest -Dfmt.write=true"
                                + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEmpty();
    }

    private static String format(String source) throws FormatterException {
        String withoutUnused = RemoveUnusedImports.removeUnusedImports(source);
        String ordered =
                ImportOrderer.reorderImports(withoutUnused, JavaFormatterOptions.Style.AOSP);
        return FORMATTER.formatSource(ordered);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Data.root())) {
            return files.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> !Data.root().relativize(f).toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
