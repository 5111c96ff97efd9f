package dev.snoozy.curate.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.filter.FilterKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class RecipeFileTest {
    @TempDir Path folder = Path.of("");

    private Recipe read(String yaml) throws IOException {
        return RecipeFile.read(Files.writeString(folder.resolve("recipe.yaml"), yaml));
    }

    @Test
    void everythingARecipeMaySay() throws IOException {
        Recipe recipe =
                read(
                        """
                        format: snoozy-recipe-1
                        inputs:
                          - plain.jsonl
                          - {path: more.csv, source: more, licence: MIT, weight: 0.5}
                        filters:
                          refusal: off
                          language: {keep: [en, de], share: 0.7}
                          short: {response-words: 3}
                        duplicates:
                          near: {prompt: 0.9, both: 0.7}
                          semantic: {cutoff: 0.05, terms: terms.bin}
                        decontaminate: [eval]
                        marks: marks.json
                        split: {validation: 0.02}
                        map: {rows: 500, loss: judge.gguf}
                        """);
        assertThat(recipe.inputs())
                .containsExactly(
                        new Recipe.Input(folder.resolve("plain.jsonl"), "", "", 1),
                        new Recipe.Input(folder.resolve("more.csv"), "more", "MIT", 0.5));
        assertThat(recipe.filters())
                .doesNotContainKey(FilterKind.REFUSAL)
                .containsKeys(FilterKind.LANGUAGE, FilterKind.ECHO);
        assertThat(requireNonNull(recipe.filters().get(FilterKind.SHORT)).values())
                .containsEntry("response-words", 3)
                .containsEntry("prompt-characters", 2);
        assertThat(recipe.duplicates().near()).contains(new DuplicateRule(0.9, 0, 0.7));
        assertThat(recipe.duplicates().semantic().orElseThrow().cutoff()).isEqualTo(0.05f);
        assertThat(recipe.marks()).contains(folder.resolve("marks.json"));
        assertThat(recipe.validation()).isEqualTo(0.02);
        assertThat(recipe.map())
                .isEqualTo(new Recipe.Mapping(500, Optional.of(folder.resolve("judge.gguf"))));
    }

    @Test
    void whatIsNotSaidIsUsual() throws IOException {
        Recipe recipe = read("format: snoozy-recipe-1\ninputs: [a.jsonl]\n");
        Recipe usual = Recipe.of(List.of(folder.resolve("a.jsonl")));
        assertThat(recipe).isEqualTo(usual);
        assertThat(
                        read("format: snoozy-recipe-1\ninputs: [a]\nduplicates: off\n")
                                .duplicates()
                                .near())
                .isEmpty();
    }

    /** A semicolon stands for a line break. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    inputs: [a]|format: expected snoozy-recipe-1
                    format: snoozy-recipe-1|inputs: none
                    format: snoozy-recipe-1;inputs: [a];filter: {}|line 3: recipe.yaml: "filter" is not known
                    format: snoozy-recipe-1;inputs:;  - path: a;    wait: 1|line 4: inputs: "wait" is not known
                    format: snoozy-recipe-1;inputs: [{path: a, weight: 0}]|line 2: weight: 0.0
                    format: snoozy-recipe-1;inputs: [{path: a, weight: x}]|line 2: weight: expected a number, found "x"
                    format: snoozy-recipe-1;inputs: [a];filters:;  echo:;    share: 2|line 5: share: 2.0
                    format: snoozy-recipe-1;inputs: [a];filters:;  echo: {shore: 1}|line 4: echo: "shore" is not known
                    format: snoozy-recipe-1;inputs: [a];duplicates: {near: {prompt: 7}}|line 3: similarity of prompt
                    format: snoozy-recipe-1;inputs: [a];split: {validation: 0.9}|line 3: validation: 0.9
                    format: snoozy-recipe-1;inputs: [a];inputs: [b]|line 3
                    format: snoozy-recipe-1;inputs: ["a\\0"]|line 2: inputs: expected the name of a file
                    format: snoozy-recipe-1;inputs: [{path: "\\0"}]|line 2: path: expected the name of a file
                    format: snoozy-recipe-1;inputs: [a];decontaminate: "\\0"|line 3: decontaminate: expected the name
                    format: snoozy-recipe-1;inputs: [a];decontaminate: [b, "\\0"]|line 3: decontaminate: expected the name
                    format: snoozy-recipe-1;inputs: [a];marks: "\\0"|line 3: marks: expected the name of a file
                    format: snoozy-recipe-1;inputs: [a];map: {loss: "\\0"}|line 3: loss: expected the name of a file
                    format: snoozy-recipe-1;inputs: [null]|line 2: inputs: expected a value
                    format: snoozy-recipe-1;inputs: [a|no YAML
                    - a|expected names and values, found a list
                    """)
    void whatNoRecipeSaysIsAnErrorWithItsLine(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml.replace(";", "\n")))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void anEmptyFileSaysWhatIsExpected() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("expected format: snoozy-recipe-1");
    }
}
