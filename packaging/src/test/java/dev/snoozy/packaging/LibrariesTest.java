package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class LibrariesTest {
    @TempDir Path folder;

    /** A new dependency with a licence that we have not seen fails here. */
    @Test
    void everyLibraryHasALicenceWhoseTextWeShip() throws IOException {
        List<Libraries.Licensed> libraries = Libraries.of(Program.classPath());
        assertThat(libraries).extracting(l -> l.pom().artifact()).contains("picocli", "vertx-core");
        Path texts = Program.root().resolve("packaging", "src", "main", "licences");
        Libraries.writeLicences(libraries, texts, folder);
        for (Libraries.Licensed library : libraries) {
            assertThat(folder.resolve(library.licence() + ".txt")).isNotEmptyFile();
        }
        assertThat(folder.resolve("THIRD-PARTY.txt"))
                .content()
                .contains("BSD-3-Clause  org.jline:jline-reader ")
                .contains("Apache-2.0    io.vertx:vertx-core ")
                .doesNotContain("dev.snoozy");
    }

    @Test
    void whereThereAreSeveralTheOneThatWePreferIsTaken() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("The First", "first");
        known.put("The Second", "second");
        assertThat(Libraries.chosen(pom("The Second", "The First"), known)).isEqualTo("first");
    }

    @Test
    void aLicenceThatWeDoNotKnowIsRefused() {
        assertThatThrownBy(() -> Libraries.chosen(pom("Odd"), Libraries.knownNames()))
                .isInstanceOf(PackagingException.class)
                .hasMessageContaining("org.example:odd has the licences [Odd]")
                .hasMessageContaining("cure");
    }

    @Test
    void aPomInheritsFromItsParents() throws IOException {
        write("org/example/parent/7", "parent-7.pom", parentPom());
        String pom =
                """
                <project>
                  <parent><groupId>org.example</groupId><artifactId>parent</artifactId>
                    <version>7</version></parent>
                  <artifactId>thing</artifactId><name>The ${thing}</name>
                </project>
                """;
        Path jar = write("org/example/thing/7", "thing-7.pom", pom).resolveSibling("thing-7.jar");
        assertThat(Pom.beside(jar))
                .isEqualTo(new Pom("org.example", "thing", "7", "thing", List.of("Odd", "Even")));
    }

    @Test
    void aJarWithoutAPomIsRefused() {
        assertThatThrownBy(() -> Pom.beside(folder.resolve("a/b/1/b-1.jar")))
                .isInstanceOf(PackagingException.class)
                .hasMessageContaining("b-1.pom");
    }

    private static String parentPom() {
        return """
        <project>
          <groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version>
          <licenses>
            <license><name>Odd</name></license><license><name>Even</name></license>
          </licenses>
        </project>
        """;
    }

    private Path write(String place, String name, String text) throws IOException {
        return Files.writeString(
                Files.createDirectories(folder.resolve(place)).resolve(name), text);
    }

    private static Pom pom(String... licences) {
        return new Pom("org.example", "odd", "1", "Odd", List.of(licences));
    }
}
