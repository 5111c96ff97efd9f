package dev.snoozy.curate.recipe;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.filter.FilterKind;
import dev.snoozy.curate.filter.Thresholds;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes recipes: everything is said, also what is as usual, so that it can be changed. {@link
 * RecipeFile} reads the same recipe of it.
 */
public final class RecipeText {
    private static final int WIDTH = 100;

    private RecipeText() {}

    /**
     * A recipe in YAML.
     *
     * @param folder in which it will lie; files below it are named from there
     */
    public static String yaml(Recipe recipe, Path folder) {
        return yaml(values(recipe, folder));
    }

    /** Names and values in YAML, whether or not they are a recipe. */
    public static String yaml(Map<String, Object> values) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.AUTO)
                        .setWidth(WIDTH)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .build();
        return new Dump(settings).dumpToString(values);
    }

    /** The names and values of a recipe, as its text has them; numbers, texts, lists and maps. */
    public static Map<String, Object> values(Recipe recipe, Path folder) {
        Path base = folder.toAbsolutePath().normalize();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", RecipeFile.FORMAT);
        all.put("inputs", recipe.inputs().stream().map(input -> input(input, base)).toList());
        all.put("filters", filters(recipe.filters()));
        all.put("duplicates", duplicates(recipe.duplicates(), base));
        all.put("decontaminate", names(recipe.decontaminate(), base));
        recipe.marks().ifPresent(marks -> all.put("marks", name(marks, base)));
        all.put("split", Map.of("validation", recipe.validation()));
        all.put("map", mapping(recipe.map(), base));
        return all;
    }

    private static Map<String, Object> input(Recipe.Input input, Path base) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("path", name(input.path(), base));
        if (!input.source().isEmpty()) {
            one.put("source", input.source());
        }
        if (!input.licence().isEmpty()) {
            one.put("licence", input.licence());
        }
        one.put("weight", input.weight());
        return one;
    }

    private static Map<String, Object> filters(Map<FilterKind, Thresholds> used) {
        Map<String, Object> filters = new LinkedHashMap<>();
        for (FilterKind kind : FilterKind.values()) {
            Thresholds thresholds = used.get(kind);
            if (thresholds == null || thresholds.values().isEmpty()) {
                filters.put(kind.title(), thresholds != null);
            } else {
                filters.put(kind.title(), thresholds.values());
            }
        }
        return filters;
    }

    private static Map<String, Object> duplicates(Recipe.Deduplication wanted, Path base) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("exact", wanted.exact());
        all.put("near", wanted.near().<Object>map(RecipeText::near).orElse(false));
        all.put("semantic", wanted.semantic().<Object>map(s -> semantic(s, base)).orElse(false));
        return all;
    }

    private static Map<String, Object> near(DuplicateRule rule) {
        Map<String, Object> near = new LinkedHashMap<>();
        near.put("prompt", rule.prompt());
        near.put("response", rule.response());
        near.put("both", rule.both());
        return near;
    }

    private static Map<String, Object> semantic(Recipe.Semantic wanted, Path base) {
        Map<String, Object> semantic = new LinkedHashMap<>();
        // The shortest decimal number that is this one: 0.1 and not 0.10000000149.
        semantic.put("cutoff", new BigDecimal(Float.toString(wanted.cutoff())).doubleValue());
        wanted.model().ifPresent(model -> semantic.put("model", name(model, base)));
        wanted.terms().ifPresent(terms -> semantic.put("terms", name(terms, base)));
        return semantic;
    }

    private static Map<String, Object> mapping(Recipe.Mapping wanted, Path base) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        mapping.put("rows", wanted.rows());
        wanted.loss().ifPresent(model -> mapping.put("loss", name(model, base)));
        return mapping;
    }

    private static List<String> names(List<Path> paths, Path base) {
        List<String> names = new ArrayList<>();
        paths.forEach(path -> names.add(name(path, base)));
        return names;
    }

    private static String name(Path path, Path base) {
        Path whole = path.toAbsolutePath().normalize();
        return whole.startsWith(base) && !whole.equals(base)
                ? base.relativize(whole).toString().replace('\\', '/')
                : whole.toString();
    }
}
