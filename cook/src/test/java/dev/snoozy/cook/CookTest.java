package dev.snoozy.cook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.Sha256;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small cook, begun anew, changed and spoilt; each test goes on with the same folder. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CookTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> STAGES =
            List.of(
                    "curate",
                    "tune",
                    "merge",
                    "evaluate/before",
                    "evaluate/after",
                    "quantize/before-Q8_0",
                    "evaluate/before-Q8_0",
                    "quantize/after-Q8_0",
                    "evaluate/after-Q8_0");

    @TempDir private static Path folder;
    private static Path out;
    private static String report;

    /** Remembers which stages were done anew. */
    private static final class Heard implements CookListener {
        private final List<String> made = new ArrayList<>();
        private final List<String> found = new ArrayList<>();

        @Override
        public void begins(String stage, int number, int of, boolean done) {
            assertThat(of).isEqualTo(STAGES.size());
            assertThat(stage).isEqualTo(STAGES.get(number - 1));
            (done ? found : made).add(stage);
        }
    }

    private static Heard cook(String steps) throws Exception {
        Heard heard = new Heard();
        new Cook(CookFile.read(Recipes.small(folder, steps)), out, 2, heard).run();
        return heard;
    }

    @BeforeAll
    static void first() throws Exception {
        out = folder.resolve("out");
        assertThat(cook("steps: 8").made).isEqualTo(STAGES);
        report = Files.readString(out.resolve(Cook.REPORT));
    }

    private static JsonNode report() {
        return JSON.readTree(report);
    }

    @Test
    @Order(1)
    void everyNumberIsFromAFileWithADigest() throws IOException {
        Map<String, String> digests = new HashMap<>();
        for (JsonNode file : report().path("files")) {
            String name = file.path("file").asString();
            assertThat(Sha256.of(out.resolve(name)))
                    .as(name)
                    .isEqualTo(file.path("sha256").asString());
            assertThat(Files.size(out.resolve(name))).isEqualTo(file.path("bytes").asLong());
            digests.put(name, file.path("sha256").asString());
        }
        Set<String> sources = new HashSet<>();
        for (String part : List.of("curation", "training", "merge")) {
            same(report().path(part), sources);
        }
        report().path("models").forEach(model -> same(model, sources));
        sources.add(report().path("training").path("curve_file").asString());
        assertThat(digests.keySet()).containsAll(sources);
        assertThat(sources).hasSize(8);
        for (JsonNode model : report().path("models")) {
            String file = model.path("model_file").asString();
            String digest =
                    digests.getOrDefault(file, report().path("base").path("sha256").asString());
            assertThat(model.path("sha256").asString()).isEqualTo(digest);
        }
    }

    /** What stands in a part of the report also stands in its file. */
    private static void same(JsonNode part, Set<String> sources) {
        String name = part.path("file").asString();
        sources.add(name);
        JsonNode source;
        try {
            source = JSON.readTree(Files.readString(out.resolve(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        source.propertyStream()
                .filter(entry -> !entry.getKey().equals("rules"))
                .forEach(entry ->
                        assertThat(part.path(entry.getKey()))
                                .as(name + " " + entry.getKey())
                                .isEqualTo(entry.getValue()));
    }

    @Test
    @Order(1)
    void whatACurationIsForWasFound() {
        JsonNode data = report().path("curation");
        assertThat(data.path("kept").asLong() + data.path("removed").asLong())
                .isEqualTo(data.path("read").asLong());
        Map<String, Integer> removed = new HashMap<>();
        for (JsonNode rule : data.path("rules")) {
            removed.put(rule.path("rule").asString(), rule.path("removed").asInt());
        }
        assertThat(removed)
                .containsEntry("empty", 1)
                .containsEntry("refusal", 2)
                .containsEntry("leak", 1)
                .containsEntry("near-duplicate", 2);
        assertThat(data.path("malformed").asInt()).isEqualTo(1);
    }

    @Test
    @Order(1)
    void theTunedModelIsBetterAndEveryTypeIsComparedWithItself() {
        JsonNode training = report().path("training");
        assertThat(training.path("gain").asDouble()).isPositive();
        assertThat(training.path("curve")).hasSize(8 + 3);
        Set<String> pairs = new HashSet<>();
        for (JsonNode pair : report().path("differences")) {
            pairs.add(pair.path("first").asString() + " " + pair.path("second").asString());
        }
        assertThat(pairs)
                .containsExactlyInAnyOrder(
                        "before after",
                        "before-Q8_0 after-Q8_0",
                        "before before-Q8_0",
                        "after after-Q8_0");
    }

    @Test
    @Order(1)
    void thePageEscapesWhatModelsAndFilesSay() throws IOException {
        String page = Files.readString(out.resolve(Cook.PAGE));
        assertThat(page).contains("Once &lt;b&gt;upon&lt;/b&gt;").doesNotContain("<b>upon");
        assertThat(page).contains("<svg").contains("after-Q8_0").doesNotContain("NaN");
        assertThat(page).doesNotContain("<script").doesNotContain("http");
    }

    @Test
    @Order(2)
    void aSecondRunMakesNothingAndSaysTheSame() throws Exception {
        assertThat(cook("steps: 8").found).isEqualTo(STAGES);
        assertThat(Files.readString(out.resolve(Cook.REPORT))).isEqualTo(report);
    }

    @Test
    @Order(3)
    void whatWasSpoiltIsMadeAgainAndNothingElse() throws Exception {
        Path model = out.resolve("quantize/after-Q8_0/after-Q8_0.gguf");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);
        assertThat(cook("steps: 8").made).containsExactly("quantize/after-Q8_0");
        assertThat(Files.readString(out.resolve(Cook.REPORT))).isEqualTo(report);
    }

    @Test
    @Order(4)
    void anotherWayOfTrainingLeavesTheDataAndTheBaseAsTheyAre() throws Exception {
        Heard heard = cook("steps: 4");
        assertThat(heard.found)
                .containsExactly(
                        "curate",
                        "evaluate/before",
                        "quantize/before-Q8_0",
                        "evaluate/before-Q8_0");
        assertThat(Files.readString(out.resolve(Cook.REPORT))).isNotEqualTo(report);
        cook("steps: 8");
        assertThat(Files.readString(out.resolve(Cook.REPORT))).isEqualTo(report);
    }

    @Test
    @Order(5)
    void aStoppedCookGoesOn() throws Exception {
        Path other = folder.resolve("stopped");
        CookRecipe recipe = CookFile.read(Recipes.small(folder, "steps: 8"));
        Cook[] cook = new Cook[1];
        CookListener stopping =
                new CookListener() {
                    @Override
                    public void progress(String text) {
                        if (text.startsWith("step 3")) {
                            cook[0].stop();
                        }
                    }
                };
        cook[0] = new Cook(recipe, other, 1, stopping);
        assertThatThrownBy(() -> cook[0].run()).isInstanceOf(InterruptedException.class);
        Heard heard = new Heard();
        new Cook(recipe, other, 1, heard).run();
        assertThat(heard.found).containsExactly("curate");
        assertThat(Files.readString(other.resolve(Cook.REPORT))).isEqualTo(report);
    }

    @Test
    @Order(6)
    void filesOfOthersAreLeftAlone() throws Exception {
        Path other = folder.resolve("mine");
        Path mine = Files.createDirectories(other.resolve("curate")).resolve("letter.txt");
        Files.writeString(mine, "dear");
        CookRecipe recipe = CookFile.read(Recipes.small(folder, "steps: 8"));
        assertThatThrownBy(() -> new Cook(recipe, other, 1, CookListener.SILENT).run())
                .isInstanceOf(CookException.class)
                .hasMessageContaining("holds files that no cook has written");
        assertThat(mine).hasContent("dear");
    }

    @Test
    @Order(6)
    void whatIsMissingOrAnotherFileIsRefusedByName() throws Exception {
        Path file = Recipes.small(folder, "steps: 8");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("own.jsonl", "nothing.jsonl"));
        CookRecipe without = CookFile.read(file);
        assertThatThrownBy(() -> new Cook(without, out, 1, CookListener.SILENT).run())
                .isInstanceOf(CookException.class)
                .hasMessageContaining("nothing.jsonl (data to learn from)");
        String digest = ", sha256: " + "0".repeat(64) + "}";
        Files.writeString(file, text.replaceFirst("f32.gguf\"}", "f32.gguf\"" + digest));
        CookRecipe other = CookFile.read(file);
        assertThatThrownBy(() -> new Cook(other, out, 1, CookListener.SILENT).run())
                .isInstanceOf(CookException.class)
                .hasMessageContaining("expected the SHA-256 0000");
    }
}
