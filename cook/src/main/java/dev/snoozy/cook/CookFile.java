package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.curate.recipe.RecipeFile;
import dev.snoozy.curate.recipe.YamlMap;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.Task;
import dev.snoozy.tune.TuneOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a recipe for a cook from YAML 1.2; docs/cook.md has all its names. What no recipe says is
 * an error with its line.
 */
public final class CookFile {
    /** The first thing that such a recipe says: {@code format: snoozy-cook-1}. */
    public static final String FORMAT = "snoozy-cook-1";

    private static final String EXPECTED = "format: " + FORMAT + ", base, curate and evaluate";
    private static final List<String> SECTIONS =
            List.of("format", "name", "base", "curate", "tune", "evaluate", "quantize", "needs");

    private final Path file;
    private final Path folder;
    private final Map<Path, Need> described = new LinkedHashMap<>();

    private CookFile(Path file) {
        this.file = file;
        Path parent = file.toAbsolutePath().getParent();
        folder = parent == null ? file.toAbsolutePath() : parent;
    }

    /**
     * Reads a recipe; the files that it names are sought beside it and need not be there.
     *
     * @throws RecipeException if it says something else than such recipes do
     * @throws IOException if it cannot be read
     */
    public static CookRecipe read(Path file) throws IOException {
        return new CookFile(file).recipe(YamlMap.read(file, EXPECTED));
    }

    private CookRecipe recipe(YamlMap map) throws RecipeException {
        String format = map.text("format").orElse("none");
        if (!format.equals(FORMAT)) {
            throw map.error("format", "format: expected " + FORMAT + ", found " + format);
        }
        map.only(SECTIONS);
        describe(map);
        CookRecipe.Base base = base(section(map, "base"));
        Recipe curation = RecipeFile.part(section(map, "curate"), file);
        Optional<YamlMap> tune = map.map("tune");
        TuneOptions options =
                tune.isPresent() ? TuneSection.read(tune.get()) : TuneOptions.snoozy();
        String preset = tune.isPresent() ? TuneSection.preset(tune.get()) : TuneSection.USUAL;
        if (curation.validation() > 0
                && tune.isPresent()
                && tune.get().text("validation").isPresent()) {
            throw tune.get()
                    .error(
                            "validation",
                            "validation: the curation holds rows back already (split); cure: one of"
                                    + " the two");
        }
        CookRecipe.Judging judging = judging(section(map, "evaluate"));
        return new CookRecipe(
                name(map),
                base,
                curation,
                preset,
                options,
                judging,
                quantize(map),
                needs(base, curation, judging));
    }

    private static YamlMap section(YamlMap map, String name) throws RecipeException {
        return map.map(name)
                .orElseThrow(() -> map.error(name, name + ": missing; expected " + EXPECTED));
    }

    private String name(YamlMap map) throws RecipeException {
        String usual = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        String name = map.text("name").orElse(usual);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw map.error(
                    "name", "name: expected letters, digits, . _ and -, found \"" + name + "\"");
        }
        return name;
    }

    /** What the recipe knows of files that may not be there. */
    private void describe(YamlMap map) throws RecipeException {
        for (YamlMap need : map.maps("needs")) {
            need.only(List.of("path", "from", "licence", "bytes"));
            Path resolved =
                    need.path("path", folder)
                            .orElseThrow(() -> need.error("path", "needs: an entry without path"))
                            .normalize();
            described.put(
                    resolved,
                    new Need(
                            resolved,
                            "",
                            need.text("from").orElse(""),
                            need.text("licence").orElse(""),
                            amount(need, "bytes")));
        }
    }

    private CookRecipe.Base base(YamlMap map) throws RecipeException {
        map.only(List.of("path", "sha256", "shape"));
        Path path = map.path("path", folder).orElseThrow(() -> map.error("path", "base: no path"));
        String digest = map.text("sha256").orElse(null);
        if (digest != null && !digest.matches("[0-9a-f]{64}")) {
            throw map.error("sha256", "sha256: expected 64 hexadecimal digits in small letters");
        }
        Optional<YamlMap> shape = map.map("shape");
        return new CookRecipe.Base(
                path.normalize(), digest, shape.isPresent() ? shape(shape.get()) : null);
    }

    private static ModelSize shape(YamlMap map) throws RecipeException {
        List<String> names =
                List.of("parameters", "bytes", "layers", "embedding", "feed_forward", "vocabulary");
        map.only(names);
        for (String name : names) {
            if (amount(map, name) == 0) {
                throw map.error(name, "shape: " + name + " is missing; expected all of " + names);
            }
        }
        return new ModelSize(
                amount(map, "parameters"),
                amount(map, "bytes"),
                Math.toIntExact(amount(map, "layers")),
                Math.toIntExact(amount(map, "embedding")),
                Math.toIntExact(amount(map, "feed_forward")),
                Math.toIntExact(amount(map, "vocabulary")));
    }

    /** A number that cannot be less than 0, and is an int but for parameters and bytes. */
    private static long amount(YamlMap map, String name) throws RecipeException {
        long amount = map.whole(name, 0);
        boolean large = name.equals("parameters") || name.equals("bytes");
        if (amount < 0 || !large && amount > Integer.MAX_VALUE) {
            throw map.error(name, name + ": expected a number of things, found " + amount);
        }
        return amount;
    }

    private CookRecipe.Judging judging(YamlMap map) throws RecipeException {
        map.only(List.of("data", "tasks", "profile", "limit", "perplexity", "prompts"));
        Path data =
                map.path("data", folder).orElseThrow(() -> map.error("data", "evaluate: no data"));
        Set<Task> tasks = new LinkedHashSet<>();
        for (String name : map.texts("tasks")) {
            try {
                tasks.add(Task.of(name));
            } catch (IllegalArgumentException e) {
                throw map.error("tasks", String.valueOf(e.getMessage()));
            }
        }
        long limit = amount(map, "limit");
        try {
            return new CookRecipe.Judging(
                    data.normalize(),
                    List.copyOf(tasks),
                    Profile.of(map.text("profile").orElse(Profile.HARNESS_CURRENT.id())),
                    (int) limit,
                    map.path("perplexity", folder).map(Path::normalize),
                    map.texts("prompts"));
        } catch (IllegalArgumentException e) {
            throw map.error("profile", String.valueOf(e.getMessage()));
        }
    }

    private static List<Mixture> quantize(YamlMap map) throws RecipeException {
        List<Mixture> mixtures = new ArrayList<>();
        for (String name : map.texts("quantize")) {
            Mixture mixture =
                    Mixture.of(name)
                            .orElseThrow(() ->
                                    map.error(
                                            "quantize",
                                            "quantize: expected names such as Q8_0 and"
                                                    + " Q4_K_M, found "
                                                    + name));
            if (mixtures.contains(mixture)) {
                throw map.error("quantize", "quantize: " + mixture.name() + " is there twice");
            }
            mixtures.add(mixture);
        }
        return mixtures;
    }

    private List<Need> needs(CookRecipe.Base base, Recipe curation, CookRecipe.Judging judging) {
        List<Need> needs = new ArrayList<>();
        needs.add(need(base.file(), "the base model"));
        for (Recipe.Input input : curation.inputs()) {
            needs.add(need(input.path(), "data to learn from"));
        }
        curation.decontaminate()
                .forEach(path -> needs.add(need(path, "items that must not be in the data")));
        curation.marks().ifPresent(path -> needs.add(need(path, "marks of a map")));
        curation.duplicates()
                .semantic()
                .ifPresent(semantic -> {
                    semantic.model().ifPresent(p -> needs.add(need(p, "the embedding model")));
                    semantic.terms().ifPresent(p -> needs.add(need(p, "a table of terms")));
                });
        needs.add(need(judging.data(), "the sets of the seven tasks"));
        judging.perplexity().ifPresent(p -> needs.add(need(p, "a text to foresee")));
        return needs;
    }

    private Need need(Path path, String what) {
        Path normal = path.normalize();
        Need known = described.get(normal);
        return known == null
                ? new Need(normal, what, "", "", 0)
                : new Need(normal, what, known.from(), known.licence(), known.bytes());
    }
}
