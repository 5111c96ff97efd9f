package dev.snoozy.cook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.compress.Mixture;
import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.eval.Profile;
import dev.snoozy.tune.TuneOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class CookFileTest {
    private static final String SOUND =
            """
            format: snoozy-cook-1
            base: {path: b.gguf}
            curate: {inputs: [rows.jsonl]}
            evaluate: {data: sets}
            """;

    @TempDir private Path folder;

    private CookRecipe read(String text) throws IOException {
        Path file = folder.resolve("r.yaml");
        Files.writeString(file, text);
        return CookFile.read(file);
    }

    @Test
    void whatIsNotSaidIsUsual() throws IOException {
        CookRecipe recipe = read(SOUND);
        assertThat(recipe.name()).isEqualTo("r");
        assertThat(recipe.tune()).isEqualTo(TuneOptions.snoozy());
        assertThat(recipe.judging().profile()).isEqualTo(Profile.HARNESS_CURRENT);
        assertThat(recipe.quantize()).isEmpty();
        assertThat(recipe.missing())
                .extracting(need -> folder.relativize(need.path()).toString())
                .containsExactly("b.gguf", "rows.jsonl", "sets");
    }

    @Test
    void filesAreSoughtBesideTheRecipeAndWhatIsKnownOfThemIsTold() throws IOException {
        CookRecipe recipe =
                read(
                        SOUND
                                + "needs: [{path: ./rows.jsonl, from: my shelf, licence: CC0-1.0,"
                                + " bytes: 7}]\n");
        Need rows = recipe.needs().get(1);
        assertThat(rows.path()).isEqualTo(folder.resolve("rows.jsonl"));
        assertThat(rows.from()).isEqualTo("my shelf");
        assertThat(rows.licence()).isEqualTo("CC0-1.0");
        assertThat(rows.bytes()).isEqualTo(7);
        assertThat(rows.isThere()).isFalse();
        Files.writeString(folder.resolve("rows.jsonl"), "");
        assertThat(rows.isThere()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tune: {rank: 0}                | line 5: lora rank: expected 1 to 4096, found 0
                    tune: {ranc: 4}                | line 5: tune: "ranc" is not known
                    tune: {preset: gpt}            | line 5: preset: expected snoozy or gpt4all-lora, found gpt
                    tune: {schedule: linear}       | line 5: schedule: expected one of constant, cosine; found linear
                    tune: {batch: 1.5}             | line 5: batch: expected a whole number, found 1.5
                    tune: {seed: 9007199254740993} | line 5: seed: expected less than 9007199254740992 either way, found 9007199254740993
                    tune: {learning_rate: 0}       | line 5: learning rate: expected above 0
                    tune: {exact: maybe}           | line 5: exact: expected true or false
                    quantize: [Q4_9]               | line 5: quantize: expected names such as Q8_0 and Q4_K_M, found Q4_9
                    quantize: [Q4_0, q4_0]         | line 5: quantize: Q4_0 is there twice
                    name: a/b                      | line 5: name: expected letters
                    colour: red                    | line 5: r.yaml: "colour" is not known
                    needs: [{path: "\\0"}]          | line 5: path: expected the name of a file
                    needs: [{from: x}]             | line 5: needs: an entry without path
                    needs: [{path: x, bytes: -1}]  | line 5: bytes: expected a number of things, found -1
                    """)
    void anErrorSaysItsLine(String line, String message) {
        assertThatThrownBy(() -> read(SOUND + line + "\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {data: sets}                        | {tasks: [piqa]}             | line 4: evaluate: no data
                    {data: sets}                        | {data: s, tasks: [quiz]}    | line 4: task: expected one of
                    {data: sets}                        | {data: s, profile: mine}    | line 4: profile: expected one of
                    {data: sets}                        | {data: s, limit: -2}        | line 4: limit: expected a number
                    {path: b.gguf}                      | {}                          | line 2: base: no path
                    {path: b.gguf}                      | {path: b, sha256: abc}      | line 2: sha256: expected 64
                    {path: b.gguf}                      | {path: b, shape: {layers: 2}} | shape: parameters is missing
                    {path: b.gguf}                      | {path: "\\0"}                 | line 2: path: expected the name of a file
                    {data: sets}                        | {data: "\\0"}                 | line 4: data: expected the name of a file
                    {data: sets}                        | {data: s, perplexity: "\\0"} | line 4: perplexity: expected the name
                    {inputs: [rows.jsonl]}              | {inputs: [r], filters: {short: 3}} | line 3: short: expected names
                    {inputs: [rows.jsonl]}              | {inputs: [r], split: {validation: 0.9}} | line 3: validation: 0.9, expected 0 to 0.5
                    {inputs: [rows.jsonl]}              | {format: snoozy-recipe-1}   | line 3: curate: "format" is not known
                    format: snoozy-cook-1               | format: snoozy-cook-9       | line 1: format: expected snoozy-cook-1
                    base: {path: b.gguf}                | name: x                     | base: missing; expected
                    """)
    void anErrorInAPartSaysItsLine(String sound, String wrong, String message) {
        assertThat(SOUND).contains(sound);
        assertThatThrownBy(() -> read(SOUND.replace(sound, wrong)))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void rowsAreHeldBackOnce() {
        String split = SOUND.replace("[rows.jsonl]", "[rows.jsonl], split: {validation: 0.1}");
        assertThatThrownBy(() -> read(split + "tune: {validation: 0.1}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("line 5: validation: the curation holds rows back already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "- a list", "format: [", "\u0000"})
    void whatIsNoRecipeIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(RecipeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny.yaml", "tiny-short.yaml"})
    void theSmallRecipesOfTheRepositoryHaveAllTheirFiles(String name) throws IOException {
        assertThat(CookFile.read(Recipes.of(name)).missing()).isEmpty();
    }

    @Test
    void theRecipeOfThePaperIsSoundAndSaysWhatItNeedsAndTakes() throws IOException {
        CookRecipe recipe = CookFile.read(Recipes.of("snoozy-13b.yaml"));
        assertThat(recipe.quantize()).extracting(Mixture::name).contains("Q4_0", "Q4_K_M");
        assertThat(recipe.missing()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(recipe.missing()).allSatisfy(need -> assertThat(need.from()).isNotEmpty());
        Estimate estimate = Objects.requireNonNull(Estimate.of(recipe, 2));
        assertThat(estimate.measured()).isFalse();
        assertThat(estimate.seconds()).isGreaterThan(24 * 3600.0);
        // 7.3 GiB of weights, and the merged model in F16 is judged as it is.
        assertThat(estimate.memory()).isBetween(24L << 30, 30L << 30);
    }

    @Test
    void withoutTheBaseAndItsShapeNothingIsEstimated() throws IOException {
        assertThat(Estimate.of(read(SOUND), 1)).isNull();
    }
}
