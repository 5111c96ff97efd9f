package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What is published, and how: the POMs are read as text, since they are ours. */
class PublishedTest {
    private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<version>(.+)</version>");

    /** A new module is published and named in the BOM, or says that it is not. */
    @Test
    void theBomNamesAllModulesThatArePublished() throws IOException {
        List<String> published = new ArrayList<>();
        for (Path pom : poms()) {
            String text = Files.readString(pom);
            if (!text.contains("<packaging>pom</packaging>")
                    && !text.contains("<unpublished>true</unpublished>")) {
                published.add(ownArtifact(text));
            }
        }
        String bom = Files.readString(root("bom/pom.xml"));
        String managed = bom.substring(bom.indexOf("<dependencyManagement>"));
        managed = managed.substring(0, managed.indexOf("</dependencyManagement>"));
        assertThat(all(ARTIFACT, managed)).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void theBomHasTheVersionOfAll() throws IOException {
        String version = first(VERSION, Files.readString(root("pom.xml")));
        assertThat(first(VERSION, Files.readString(root("bom/pom.xml")))).isEqualTo(version);
        assertThat(Files.readString(root("packaging/src/check/library/pom.xml")))
                .contains("<snoozy.version>" + version + "</snoozy.version>");
    }

    @Test
    void everyModuleSaysWhatItIs() throws IOException {
        for (Path pom : poms()) {
            assertThat(Files.readString(pom)).as("%s", pom).contains("<name>", "<description>");
        }
    }

    private static List<Path> poms() throws IOException {
        List<Path> poms = new ArrayList<>();
        for (String module : all(MODULE, Files.readString(root("pom.xml")))) {
            poms.add(root(module).resolve("pom.xml"));
        }
        return poms;
    }

    private static String ownArtifact(String pom) {
        return first(ARTIFACT, pom.substring(pom.indexOf("</parent>")));
    }

    private static Path root(String name) {
        return Program.root().resolve(name);
    }

    private static String first(Pattern pattern, String text) {
        return all(pattern, text).getFirst();
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
    }
}
