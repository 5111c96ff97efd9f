package dev.snoozy.studio.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.cook.Cook;
import dev.snoozy.cook.CookFile;
import dev.snoozy.cook.CookListener;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.format.Sha256;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** A person fills the form of training from a recipe. */
class TuneRecipeTest {
    /** All that the part "tune" of a recipe may say, each different from both presets. */
    private static final Map<String, String> SETTINGS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("rank", "3"),
                            Map.entry("alpha", "7.5"),
                            Map.entry("rslora", "true"),
                            Map.entry("dropout", "0.25"),
                            Map.entry("targets", "[attn_k, ffn_up]"),
                            Map.entry("learning_rate", "0.00123"),
                            Map.entry("warmup", "0"),
                            Map.entry("weight_decay", "0.01"),
                            Map.entry("clip", "0.5"),
                            Map.entry("batch", "5"),
                            Map.entry("epochs", "6"),
                            Map.entry("steps", "70"),
                            Map.entry("length", "300"),
                            Map.entry("together", "3000"),
                            Map.entry("validation", "0.125"),
                            Map.entry("evaluate_every", "9"),
                            Map.entry("save_every", "11"),
                            Map.entry("patience", "2"),
                            Map.entry("form", "chat"),
                            Map.entry("exact", "true"),
                            Map.entry("seed", "9007199254740991")));

    @TempDir Path home;

    private Path write(String tune, String inputs) throws IOException {
        return Files.writeString(
                home.resolve("mine.yaml"),
                """
                format: snoozy-cook-1
                base: {path: models/stories.gguf}
                curate: {inputs: [%s], filters: {language: false}, split: {validation: 0.25}}
                tune: {%s}
                evaluate: {data: "%s/recipes/tiny/eval", tasks: [piqa], limit: 2}
                """
                        .formatted(inputs, tune, Data.root().toString().replace('\\', '/')));
    }

    private CookRecipe read(String tune) throws IOException {
        String recipe = Files.readString(write(tune, "rows.jsonl"));
        return CookFile.read(
                Files.writeString(
                        home.resolve("whole.yaml"),
                        recipe.replace(", split: {validation: 0.25}", "")));
    }

    private void assertNothingIsLost(String tune) throws IOException {
        CookRecipe recipe = read(tune);
        ObjectNode fields = TuneFields.differing(recipe.preset(), recipe.tune());
        ObjectNode sent = (ObjectNode) Json.parse(Json.text(fields));
        assertThat(TuneFields.options(new Fields(sent), 3))
                .as(tune)
                .isEqualTo(recipe.tune().withThreads(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snoozy", "gpt4all-lora"})
    void theFieldsOfTheFormSayTheSameAsTheRecipe(String preset) throws IOException {
        StringBuilder all = new StringBuilder("preset: " + preset);
        assertNothingIsLost(all.toString());
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            String line = ", " + setting.getKey() + ": " + setting.getValue();
            assertNothingIsLost("preset: " + preset + line);
            assertThat(TuneFields.differing(preset, read("preset: " + preset + line).tune()))
                    .as(line)
                    .hasSize(setting.getKey().equals("length") ? 3 : 2);
            all.append(line);
        }
        for (String schedule : List.of("constant", "cosine")) {
            assertNothingIsLost(all + ", schedule: " + schedule);
        }
        assertNothingIsLost("preset: " + preset + ", length: 2000");
        assertNothingIsLost("preset: " + preset + ", length: 300, together: 300");
        assertNothingIsLost("preset: " + preset + ", form: auto");
        assertNothingIsLost("preset: " + preset + ", form: gpt4all");
    }

    /** What a recipe may say is what its refusal of another name lists. */
    @Test
    void nothingThatARecipeMaySayIsLeftOutHere() {
        assertThatThrownBy(() -> read("colour: red"))
                .satisfies(e -> {
                    String message = String.valueOf(e.getMessage());
                    String names = message.replaceFirst("(?s).*one of \\[(.*)].*", "$1");
                    assertThat(Arrays.stream(names.split(", ")))
                            .containsAll(SETTINGS.keySet())
                            .hasSize(SETTINGS.size() + 2)
                            .contains("preset", "schedule");
                });
    }

    private void rows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            rows.append(
                    "{\"prompt\": \"Tell of day %d\", \"response\": \"On day %d the cat sat\"}\n"
                            .formatted(i, i));
        }
        Files.writeString(home.resolve("rows.jsonl"), rows);
    }

    /** Cooks until training begins. */
    private void curate(Path recipe) throws IOException {
        AtomicReference<Cook> cook = new AtomicReference<>();
        cook.set(
                new Cook(
                        CookFile.read(recipe),
                        home.resolve("runs/cook/mine"),
                        1,
                        new CookListener() {
                            @Override
                            public void begins(String stage, int number, int of, boolean done) {
                                if (stage.equals("tune")) {
                                    cook.get().stop();
                                }
                            }
                        }));
        assertThatThrownBy(() -> cook.get().run()).isInstanceOf(InterruptedException.class);
    }

    private int curated(String file) throws IOException {
        return Files.readAllLines(home.resolve("runs/cook/mine/curate").resolve(file)).size();
    }

    private JsonNode fill(StudioRig rig, Path recipe) {
        Reply reply = rig.post("/tune/recipe", "{'recipe':'" + recipe + "'}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void whatIsFilledInCanBeTrained() throws IOException {
        rows();
        try (StudioRig rig = StudioRig.stories(home)) {
            Path recipe = write("rank: 2, batch: 4, length: 64, together: 64", "rows.jsonl");
            JsonNode before = fill(rig, recipe);
            assertThat(before.path("model").asString()).isEqualTo("stories");
            assertThat(before.path("name").asString()).isEqualTo("mine");
            assertThat(before.has("data")).isFalse();
            assertThat(before.path("text").asString()).contains("not curated").contains("cook it");

            curate(recipe);
            Files.createDirectories(home.resolve("runs/mine"));
            JsonNode fields = fill(rig, recipe);
            assertThat(fields.path("text").asString()).isEmpty();
            assertThat(fields.path("name").asString()).isEqualTo("mine-2");
            assertThat(Path.of(fields.path("data").asString()))
                    .isEqualTo(home.resolve("runs/cook/mine/curate"));
            assertThat(fields.path("rank").asInt()).isEqualTo(2);
            Reply plan = rig.post("/tune/plan", Json.text(fields));
            assertThat(plan.status()).as(plan.text()).isEqualTo(200);
            int held = plan.json().path("validationTexts").asInt();
            assertThat(held).isPositive(); // those of the recipe's split, not a part of the rest
            assertThat(curated("validation.jsonl")).isEqualTo(held);
            assertThat(curated("train.jsonl")).isEqualTo(plan.json().path("texts").asInt());

            Files.writeString(
                    home.resolve("rows.jsonl"), "{\"prompt\":\"a\",\"response\":\"b\"}\n");
            assertThat(fill(rig, recipe).has("data")).isFalse();
            Files.delete(home.resolve("rows.jsonl"));
            JsonNode gone = fill(rig, recipe);
            assertThat(gone.has("data")).isFalse();
            assertThat(gone.path("text").asString())
                    .contains("cannot be told")
                    .contains("rows.jsonl");
        }
    }

    @Test
    void anotherBaseThanTheRecipeWasMadeForIsNotTaken() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            Path recipe = write("rank: 2", "rows.jsonl");
            String sound = Files.readString(recipe);
            String digest = Sha256.of(home.resolve("models/stories.gguf"));
            for (String sha256 : List.of(digest, "0".repeat(64))) {
                Files.writeString(
                        recipe, sound.replace("stories.gguf", "stories.gguf, sha256: " + sha256));
                JsonNode fields = fill(rig, recipe);
                assertThat(fields.has("model")).isEqualTo(sha256.equals(digest));
                assertThat(fields.path("text").asString().contains(sha256))
                        .isNotEqualTo(sha256.equals(digest));
            }
            Files.writeString(recipe, sound.replace("models/stories.gguf", "other.gguf"));
            assertThat(fill(rig, recipe).path("text").asString())
                    .contains("other.gguf, is not there");
            Files.writeString(home.resolve("other.gguf"), "another");
            JsonNode fields = fill(rig, recipe);
            assertThat(fields.path("text").asString()).contains("not among the models");
            assertThat(fields.has("model")).isFalse();
        }
    }

    @Test
    void whatIsWrongIsSaidWithItsLine() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            for (String[] wrong :
                    new String[][] {
                        {"rank: 0", "line 4: lora rank"},
                        {"sauce: x", "line 4: tune: \"sauce\""},
                        {"validation: 0.1", "line 4: validation: the curation holds rows back"},
                        {"seed: -1", "the form cannot say it: seed"},
                        {"seed: 9007199254740992", "line 4: seed: expected less than"},
                        {"learning_rate: 5", "the form cannot say it: rate"},
                    }) {
                Path recipe = write(wrong[0], "rows.jsonl");
                Reply reply = rig.post("/tune/recipe", "{'recipe':'" + recipe + "'}");
                assertThat(reply.status()).as(wrong[0]).isEqualTo(400);
                JsonNode error = reply.json().path("error");
                assertThat(error.path("field").asString()).isEqualTo("recipe");
                assertThat(error.path("message").asString()).contains(wrong[1]);
            }
            assertThat(rig.post("/tune/recipe", "{'recipe':'mine.yaml'}").text())
                    .contains("expected the whole path");
            assertThat(rig.post("/tune/recipe", "{}").status()).isEqualTo(400);
        }
    }
}
