package dev.snoozy.studio.tune;

import dev.snoozy.cook.Cook;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.write.Digests;
import dev.snoozy.tune.TuneOptions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a recipe for a cook says of training, as the form of the page has it. */
final class TuneRecipes {
    private final ModelFiles models;
    private final Digests digests;
    private final Path cooked;

    /**
     * @param cooked folder of what recipes have come to, each in a folder by its name
     */
    TuneRecipes(ModelFiles models, Digests digests, Path cooked) {
        this.models = models;
        this.digests = digests;
        this.cooked = cooked;
    }

    /**
     * The settings, {@code model} and {@code data}; and in {@code text}, what a person has to know:
     * why one of the last two is not there.
     *
     * @throws HttpProblem if the recipe says what the form cannot
     */
    ObjectNode fields(Fields request, CookRecipe recipe) {
        ObjectNode fields = settings(request, recipe);
        List<String> text = new ArrayList<>();
        Optional<ModelFiles.Entry> base = model(recipe.base().file());
        String problem = base.isEmpty() ? unknown(recipe.base()) : wrong(recipe.base(), base.get());
        if (problem == null) {
            fields.put("model", base.orElseThrow().name());
        } else {
            text.add(problem);
        }
        try {
            Optional<Path> rows = Cook.curated(recipe, cooked.resolve(recipe.name()));
            rows.ifPresent(folder -> fields.put("data", folder.toString()));
            if (rows.isEmpty()) {
                text.add(
                        "Its rows are not curated, or were by another state of the recipe or its"
                                + " files; cure: cook it, page \"Recipes\", or name other rows.");
            }
        } catch (IOException e) {
            text.add(
                    "Whether its rows are curated cannot be told: "
                            + e.getMessage()
                            + "; cure: put back what the recipe reads, or name other rows.");
        }
        return fields.put("text", String.join(" ", text));
    }

    /** What is read back as the same, so that nothing of the recipe is lost. */
    private static ObjectNode settings(Fields request, CookRecipe recipe) {
        TuneOptions wanted = recipe.tune().withThreads(1);
        ObjectNode fields = TuneFields.differing(recipe.preset(), wanted);
        TuneOptions read;
        try {
            read = TuneFields.options(new Fields(fields), 1);
        } catch (HttpProblem e) {
            throw beyond(request, e.text());
        }
        if (!read.equals(wanted)) {
            throw beyond(request, "expected " + wanted + ", read " + read);
        }
        return fields;
    }

    private static HttpProblem beyond(Fields request, String what) {
        return request.invalid(
                "recipe",
                "it is sound, but the form cannot say it: "
                        + what
                        + "; cure: cook it, page \"Recipes\"");
    }

    private Optional<ModelFiles.Entry> model(Path base) {
        return models.all().stream().filter(entry -> isSame(entry.file(), base)).findFirst();
    }

    private static boolean isSame(Path file, Path base) {
        try {
            return Files.isSameFile(file, base);
        } catch (IOException e) {
            return false; // one of them is not there
        }
    }

    private static String unknown(CookRecipe.Base base) {
        return "Its base, "
                + base.file()
                + (Files.exists(base.file())
                        ? ", is not among the models; cure: import it, page \"Models\", or choose"
                        : ", is not there; cure: put it there, or choose")
                + " another.";
    }

    private @Nullable String wrong(CookRecipe.Base base, ModelFiles.Entry model) {
        String expected = base.sha256();
        if (expected == null) {
            return null;
        }
        String found = digests.of(model).replaceFirst("^sha256:", "");
        if (found.equals(expected)) {
            return null;
        }
        return "Its base, "
                + model.name()
                + ", is another file than the recipe was made for: expected the SHA-256 "
                + expected
                + ", found "
                + (found.isEmpty() ? "one that cannot be read" : found)
                + ".";
    }
}
