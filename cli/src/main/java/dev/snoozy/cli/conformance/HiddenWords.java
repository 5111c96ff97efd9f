package dev.snoozy.cli.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Words of a package that are no text of the document: in style sheets, scripts, names of pages in
 * their heads, the places of drawings, the codes of fields, and who has changed what. The program
 * that the expected words come from has taken all characters between tags.
 */
final class HiddenWords {
    /** Elements whose characters nobody sees on a page. */
    private static final Pattern HIDDEN =
            Pattern.compile(
                    "<(style|script|title|wp:align|wp:posOffset|wp14:pct\\w*|w:instrText"
                            + "|office:change-info)\\b[^>]*>(.*?)</\\1>",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Parts larger than this are not looked at. */
    private static final int MOST_BYTES = 16 << 20;

    private HiddenWords() {}

    /** Those of the words that stand in such places of a package; none if it is no package. */
    static List<String> among(List<String> words, Path file) throws IOException {
        if (words.isEmpty()) {
            return List.of();
        }
        List<String> hidden = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().collect(Collectors.toList())) {
                if (entry.getName().matches(".*\\.(x?html?|xml)")) {
                    String part =
                            new String(
                                    zip.getInputStream(entry).readNBytes(MOST_BYTES),
                                    StandardCharsets.UTF_8);
                    Matcher matcher = HIDDEN.matcher(part);
                    while (matcher.find()) {
                        hidden.add(matcher.group(2));
                    }
                }
            }
        } catch (ZipException e) {
            return List.of();
        }
        return words.stream().filter(w -> hidden.stream().anyMatch(h -> h.contains(w))).toList();
    }
}
