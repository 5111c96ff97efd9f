package dev.snoozy.curate.recipe;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.dedup.SemanticDuplicates;
import dev.snoozy.curate.filter.FilterKind;
import dev.snoozy.curate.filter.Thresholds;

import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a recipe from YAML 1.2. What it does not say is as {@link Recipe#of} has it; what no recipe
 * says is an error with its line.
 */
public final class RecipeFile {
    /** The first thing that a recipe says: {@code format: snoozy-recipe-1}. */
    public static final String FORMAT = "snoozy-recipe-1";

    private static final String EXPECTED = "format: " + FORMAT + " and inputs";
    private static final List<String> SECTIONS =
            List.of("inputs", "filters", "duplicates", "decontaminate", "marks", "split", "map");

    private final String name;
    private final Path folder;

    private RecipeFile(Path file) {
        this.name = String.valueOf(file.getFileName());
        Path parent = file.toAbsolutePath().getParent();
        this.folder = parent == null ? file.toAbsolutePath() : parent;
    }

    /**
     * Reads a recipe; the files that it names are sought beside it.
     *
     * @throws RecipeException if it says something else than recipes do
     * @throws IOException if it cannot be read
     */
    public static Recipe read(Path file) throws IOException {
        return new RecipeFile(file).whole(YamlMap.read(file, EXPECTED));
    }

    /**
     * Reads the text of a recipe.
     *
     * @param file where it lies, or would: the files that it names are sought beside that
     * @throws RecipeException if it says something else than recipes do
     */
    public static Recipe parse(String text, Path file) throws RecipeException {
        return new RecipeFile(file).whole(YamlMap.parse(text, file, EXPECTED));
    }

    private Recipe whole(YamlMap map) throws RecipeException {
        String format = map.text("format").orElse("");
        if (!format.equals(FORMAT)) {
            throw map.error(
                    "format",
                    "format: expected "
                            + FORMAT
                            + ", found "
                            + (format.isEmpty() ? "none" : format));
        }
        List<String> known = new ArrayList<>(SECTIONS);
        known.addFirst("format");
        map.only(known);
        return recipe(map);
    }

    /**
     * A recipe that is a part of another file: the same names but for {@code format}.
     *
     * @param part of the file
     * @param file beside which the files that it names are sought
     * @throws RecipeException if it says something else than recipes do
     */
    public static Recipe part(YamlMap part, Path file) throws RecipeException {
        part.only(SECTIONS);
        return new RecipeFile(file).recipe(part);
    }

    private Recipe recipe(YamlMap map) throws RecipeException {
        List<Recipe.Input> inputs = inputs(map);
        if (inputs.isEmpty()) {
            throw map.error("inputs", "inputs: none; cure: name files");
        }
        Recipe usual = Recipe.of(List.of());
        List<Path> tests = tests(map);
        double validation = section(map, "split", List.of("validation")).number("validation", 0);
        YamlMap shown = section(map, "map", List.of("rows", "loss"));
        double rows = shown.number("rows", usual.map().rows());
        try {
            return new Recipe(
                    inputs,
                    filters(map, usual),
                    duplicates(map, usual.duplicates()),
                    tests,
                    map.path("marks", folder),
                    validation,
                    new Recipe.Mapping((int) rows, shown.path("loss", folder)));
        } catch (IllegalArgumentException e) {
            throw map.error("split", String.valueOf(e.getMessage()));
        }
    }

    private YamlMap section(YamlMap map, String title, List<String> known) throws RecipeException {
        Optional<YamlMap> section = map.map(title);
        if (section.isEmpty()) {
            return YamlMap.of(name, title, new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
        }
        section.get().only(known);
        return section.get();
    }

    /** A list of files, or one. */
    private List<Path> tests(YamlMap map) throws RecipeException {
        Optional<Node> given = map.node("decontaminate");
        if (given.isEmpty() || given.get() instanceof ScalarNode) {
            return map.path("decontaminate", folder).stream().toList();
        }
        List<Path> tests = new ArrayList<>();
        for (Node node : map.list("decontaminate")) {
            tests.add(map.path("decontaminate", node, folder));
        }
        return tests;
    }

    private List<Recipe.Input> inputs(YamlMap map) throws RecipeException {
        List<Recipe.Input> inputs = new ArrayList<>();
        for (Node node : map.list("inputs")) {
            if (node instanceof ScalarNode) {
                inputs.add(new Recipe.Input(map.path("inputs", node, folder), "", "", 1));
                continue;
            }
            YamlMap input = YamlMap.of(name, "inputs", node);
            input.only(List.of("path", "source", "licence", "weight"));
            Optional<Path> path = input.path("path", folder);
            if (path.isEmpty()) {
                throw input.error(node, "inputs: an entry without path");
            }
            try {
                inputs.add(
                        new Recipe.Input(
                                path.get(),
                                input.text("source").orElse(""),
                                input.text("licence").orElse(""),
                                input.number("weight", 1)));
            } catch (IllegalArgumentException e) {
                throw input.error("weight", String.valueOf(e.getMessage()));
            }
        }
        return inputs;
    }

    private Map<FilterKind, Thresholds> filters(YamlMap map, Recipe usual) throws RecipeException {
        Map<FilterKind, Thresholds> filters = new EnumMap<>(FilterKind.class);
        filters.putAll(usual.filters());
        Optional<YamlMap> given = map.map("filters");
        if (given.isEmpty()) {
            return filters;
        }
        given.get().only(Arrays.stream(FilterKind.values()).map(FilterKind::title).toList());
        for (FilterKind kind : FilterKind.values()) {
            Optional<Node> node = given.get().node(kind.title());
            if (node.isEmpty()) {
                continue;
            }
            Optional<Boolean> on = YamlMap.isSwitch(node.get());
            if (on.isEmpty()) {
                filters.put(kind, thresholds(kind, YamlMap.of(name, kind.title(), node.get())));
            } else if (on.get()) {
                filters.put(kind, kind.defaults());
            } else {
                filters.remove(kind);
            }
        }
        return filters;
    }

    private Thresholds thresholds(FilterKind kind, YamlMap given) throws RecipeException {
        Thresholds thresholds = kind.defaults();
        given.only(List.copyOf(thresholds.values().keySet()));
        for (String key : given.names()) {
            Object usual = thresholds.values().get(key);
            Object value;
            if (usual instanceof Integer whole) {
                double number = given.number(key, whole);
                if (number != Math.rint(number) || number < 0) {
                    throw given.error(
                            key, key + ": " + number + ", expected a whole number from 0");
                }
                value = (int) number;
            } else if (usual instanceof Double number) {
                value = given.number(key, number);
            } else if (usual instanceof List<?>) {
                value = given.texts(key);
            } else {
                value = given.text(key).orElse("");
            }
            thresholds = thresholds.with(key, value);
            try {
                kind.make(thresholds);
            } catch (IllegalArgumentException e) {
                throw given.error(key, String.valueOf(e.getMessage()));
            }
        }
        return thresholds;
    }

    private Recipe.Deduplication duplicates(YamlMap map, Recipe.Deduplication usual)
            throws RecipeException {
        Optional<Node> all = map.node("duplicates");
        if (all.isEmpty()) {
            return usual;
        }
        Optional<Boolean> on = YamlMap.isSwitch(all.get());
        if (on.isPresent()) {
            return on.get()
                    ? usual
                    : new Recipe.Deduplication(false, Optional.empty(), Optional.empty());
        }
        YamlMap given = section(map, "duplicates", List.of("exact", "near", "semantic"));
        boolean exact = given.node("exact").flatMap(YamlMap::isSwitch).orElse(true);
        return new Recipe.Deduplication(exact, near(given, usual), semantic(given));
    }

    private Optional<DuplicateRule> near(YamlMap given, Recipe.Deduplication usual)
            throws RecipeException {
        Optional<Node> node = given.node("near");
        Optional<Boolean> on = node.flatMap(YamlMap::isSwitch);
        if (node.isEmpty() || on.isPresent()) {
            return on.orElse(true) ? usual.near() : Optional.empty();
        }
        YamlMap near = section(given, "near", List.of("prompt", "response", "both"));
        try {
            return Optional.of(
                    new DuplicateRule(
                            near.number("prompt", 0),
                            near.number("response", 0),
                            near.number("both", 0)));
        } catch (IllegalArgumentException e) {
            throw given.error("near", String.valueOf(e.getMessage()));
        }
    }

    private Optional<Recipe.Semantic> semantic(YamlMap given) throws RecipeException {
        Optional<Node> node = given.node("semantic");
        Optional<Boolean> on = node.flatMap(YamlMap::isSwitch);
        if (node.isEmpty() || on.isPresent()) {
            return on.orElse(false) ? Optional.of(Recipe.Semantic.DEFAULT) : Optional.empty();
        }
        YamlMap semantic = section(given, "semantic", List.of("cutoff", "model", "terms"));
        try {
            return Optional.of(
                    new Recipe.Semantic(
                            (float) semantic.number("cutoff", SemanticDuplicates.CUTOFF),
                            semantic.path("model", folder),
                            semantic.path("terms", folder)));
        } catch (IllegalArgumentException e) {
            throw given.error("semantic", String.valueOf(e.getMessage()));
        }
    }
}
