package dev.snoozy.style;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the documents name is there. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(#[^)]*)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TYPE = Pattern.compile("[A-Z][a-z]\\w*(?:\\.[A-Z]\\w*)?s?");
    private static final Pattern DECLARED =
            Pattern.compile("\\b(?:class|interface|record|enum) +([A-Z]\\w*)");
    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][\\w-]*");

    /** Flags of other programs that the documents name. */
    private static final Set<String> OTHERS = Set.of("--create", "--date", "--release", "--rm");

    /** Picocli's own. */
    private static final Set<String> STANDARD = Set.of("--help", "--version");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                String to = link.group(1);
                if (!to.contains(":") && !leads(document, to, link.group(2))) {
                    broken.add(Data.root().relativize(document) + ": " + link.group());
                }
            }
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    private static boolean leads(Path document, String to, String heading) throws IOException {
        Path target = to.isEmpty() ? document : document.resolveSibling(to);
        return Files.exists(target)
                && (heading == null || headings(target).contains(heading.substring(1)));
    }

    /** As they are made of headings: small letters, and a hyphen for each space. */
    private static Set<String> headings(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(Files.readString(document));
        while (heading.find()) {
            String text = heading.group(1).toLowerCase(Locale.ROOT).strip();
            anchors.add(text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void theArchitectureNamesTypesThatExist() throws IOException {
        Set<String> types = new HashSet<>();
        for (Path source : files(".java")) {
            Matcher declared = DECLARED.matcher(Files.readString(source));
            while (declared.find()) {
                types.add(declared.group(1));
            }
        }
        List<String> unknown = new ArrayList<>();
        Matcher code = CODE.matcher(Files.readString(Data.root().resolve("docs/architecture.md")));
        while (code.find()) {
            String name = code.group(1).replaceFirst("^[a-z.]+\\.(?=[A-Z])", "");
            String last = name.substring(name.lastIndexOf('/') + 1);
            if (TYPE.matcher(last).matches()
                    && !types.contains(last)
                    && !types.contains(last.replaceFirst("\\..*", ""))) {
                unknown.add(name);
            }
        }
        assertThat(unknown).as("types that are not there").isEmpty();
    }

    @Test
    void everyFlagIsOneOfTheCommands() throws IOException {
        Set<String> flags = new HashSet<>(OTHERS);
        flags.addAll(STANDARD);
        for (Path source : files(".java")) {
            if (Data.root().relativize(source).toString().contains("/main/")) {
                for (String flag : flags(Files.readString(source))) {
                    flags.add(flag);
                    flags.add(flag.replaceFirst("^--", "--no-")); // if it can be turned off
                }
            }
        }
        List<String> unknown = new ArrayList<>();
        for (Path document : documents()) {
            for (String flag : flags(Files.readString(document))) {
                if (!flags.contains(flag)) {
                    unknown.add(Data.root().relativize(document) + ": " + flag);
                }
            }
        }
        assertThat(unknown).as("flags that no command has").isEmpty();
    }

    private static List<String> flags(String text) {
        return FLAG.matcher(text).results().map(m -> m.group()).toList();
    }

    private static List<Path> documents() throws IOException {
        return files(".md").stream()
                .filter(f -> !Data.root().relativize(f).toString().contains("/src/"))
                .toList();
    }

    /** Those of the house: not what is built or brought from elsewhere. */
    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(Data.root())) {
            return files.filter(f -> f.toString().endsWith(ending))
                    .filter(f ->
                            !("/" + Data.root().relativize(f))
                                    .matches(".*/(target|\\..*|shared|vendor)/.*"))
                    .sorted()
                    .toList();
        }
    }
}
