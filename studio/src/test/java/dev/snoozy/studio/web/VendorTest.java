package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.Sha256;
import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The modules of other authors are those of the manifest, to the byte, and bring their licences.
 */
class VendorTest {
    private static final Path VENDOR =
            Data.root().resolve("studio/src/main/resources/dev/snoozy/studio/web/vendor");

    private static Map<String, JsonNode> manifest() throws IOException {
        Map<String, JsonNode> files = new LinkedHashMap<>();
        for (JsonNode file : Json.parse(Files.readString(VENDOR.resolve("manifest.json")))) {
            files.put(file.path("file").asString(), file);
        }
        return files;
    }

    @Test
    void everyFileHasTheHashOfTheManifest() throws IOException {
        Map<String, JsonNode> manifest = manifest();
        Map<String, String> found = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(VENDOR)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = VENDOR.relativize(file).toString().replace('\\', '/');
                if (!name.equals("manifest.json")) {
                    found.put(name, Sha256.of(file));
                }
            }
        }
        Map<String, String> expected = new LinkedHashMap<>();
        manifest.forEach((name, file) -> expected.put(name, file.path("sha256").asString()));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void everyModuleBringsItsLicence() throws IOException {
        Map<String, JsonNode> manifest = manifest();
        for (JsonNode file : manifest.values()) {
            String folder = file.path("file").asString().split("/")[0];
            assertThat(manifest).containsKey(folder + "/LICENSE");
            assertThat(file.path("licence").asString()).isIn("MIT", "BSD-3-Clause", "Apache-2.0");
        }
    }
}
