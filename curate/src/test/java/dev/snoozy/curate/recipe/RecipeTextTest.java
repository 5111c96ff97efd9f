package dev.snoozy.curate.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.filter.FilterKind;
import dev.snoozy.curate.filter.Thresholds;
import dev.snoozy.curate.recipe.Recipe.Deduplication;
import dev.snoozy.curate.recipe.Recipe.Input;
import dev.snoozy.curate.recipe.Recipe.Semantic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RecipeTextTest {
    @TempDir private Path folder;

    private void isReadAgain(Recipe recipe) throws Exception {
        String yaml = RecipeText.yaml(recipe, folder);
        Recipe again = RecipeFile.parse(yaml, folder.resolve("recipe.yaml"));
        assertThat(again).as(yaml).isEqualTo(recipe);
        assertThat(RecipeText.yaml(again, folder)).isEqualTo(yaml);
    }

    @Test
    void theUsualRecipeIsWrittenWhole() throws Exception {
        Recipe usual = Recipe.of(List.of(folder.resolve("rows.jsonl")));
        isReadAgain(usual);
        String yaml = RecipeText.yaml(usual, folder);
        assertThat(yaml)
                .startsWith("format: snoozy-recipe-1\n")
                .contains("{path: rows.jsonl, weight: 1.0}")
                .contains("empty: true")
                .contains("language: false")
                .contains("near: {prompt: 0.8, response: 0.8, both: 0.8}");
        for (FilterKind kind : FilterKind.values()) {
            assertThat(yaml).contains(kind.title() + ":");
        }
    }

    @Test
    void everythingThatMayBeSaidIsReadAgain() throws Exception {
        Map<FilterKind, Thresholds> filters = new EnumMap<>(FilterKind.class);
        filters.put(FilterKind.ECHO, FilterKind.ECHO.defaults().with("share", 0.5));
        filters.put(
                FilterKind.LANGUAGE,
                FilterKind.LANGUAGE.defaults().with("keep", List.of("en", "de")));
        isReadAgain(
                new Recipe(
                        List.of(
                                new Input(folder.resolve("a: b, #c.jsonl"), "off", "MIT", 2.5),
                                new Input(Path.of("/else where/'d'.csv"), "", "", 0.25)),
                        filters,
                        new Deduplication(
                                false,
                                Optional.of(new DuplicateRule(0, 0, 0.9)),
                                Optional.of(
                                        new Semantic(
                                                0.1f,
                                                Optional.of(folder.resolve("m.gguf")),
                                                Optional.empty()))),
                        List.of(folder.resolve("arc.jsonl")),
                        Optional.of(folder.resolve("marks.json")),
                        0.02,
                        new Recipe.Mapping(0, Optional.of(folder.resolve("judge.gguf")))));
        isReadAgain(
                Recipe.of(List.of(folder.resolve("x")))
                        .withDuplicates(
                                new Deduplication(false, Optional.empty(), Optional.empty())));
    }
}
