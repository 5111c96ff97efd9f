package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.Task;
import dev.snoozy.tune.TuneOptions;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cook does: the base, what it learns from and how, how it is judged, and the types it is
 * quantized to. Immutable.
 *
 * @param name of the result
 * @param base the model that is tuned
 * @param curation what it learns from
 * @param preset the name of the settings that {@code tune} departs from
 * @param tune how it is trained
 * @param judging how base and result are judged
 * @param quantize the mixtures that both are quantized to, beside the models as they are
 * @param needs every file that must be there
 */
public record CookRecipe(
        String name,
        Base base,
        Recipe curation,
        String preset,
        TuneOptions tune,
        Judging judging,
        List<Mixture> quantize,
        List<Need> needs) {
    public CookRecipe {
        quantize = List.copyOf(quantize);
        needs = List.copyOf(needs);
    }

    /**
     * The model that is tuned.
     *
     * @param file a GGUF
     * @param sha256 what its digest must be; null for any
     * @param shape for estimates as long as the file is not there; null if the recipe does not say
     */
    public record Base(Path file, @Nullable String sha256, @Nullable ModelSize shape) {}

    /**
     * How models are judged.
     *
     * @param data folder of the sets
     * @param tasks those that are used; empty for all that are there
     * @param profile the protocol
     * @param limit the first items of each only; 0 for all
     * @param perplexity a text to foresee
     * @param prompts that the models go on with
     */
    public record Judging(
            Path data,
            List<Task> tasks,
            Profile profile,
            int limit,
            Optional<Path> perplexity,
            List<String> prompts) {
        public Judging {
            tasks = List.copyOf(tasks);
            prompts = List.copyOf(prompts);
        }
    }

    /** The names of its stages, in the order in which a cook comes to them. */
    public List<String> stages() {
        List<String> names =
                new ArrayList<>(List.of(CurateStage.NAME, TuneStage.NAME, MergeStage.NAME));
        names.add(EvaluateStage.FOLDER + new Variant(false, null).name());
        names.add(EvaluateStage.FOLDER + new Variant(true, null).name());
        for (Mixture mixture : quantize) {
            for (boolean after : new boolean[] {false, true}) {
                String variant = new Variant(after, mixture).name();
                names.add(QuantizeStage.FOLDER + variant);
                names.add(EvaluateStage.FOLDER + variant);
            }
        }
        return names;
    }

    /** What is not there. */
    public List<Need> missing() {
        return needs.stream().filter(need -> !need.isThere()).toList();
    }
}
