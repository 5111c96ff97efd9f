package dev.snoozy.cook;

import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.curate.recipe.YamlMap;
import dev.snoozy.kernels.Precision;
import dev.snoozy.tune.LoraOptions;
import dev.snoozy.tune.OptimizerOptions;
import dev.snoozy.tune.Schedule;
import dev.snoozy.tune.TuneOptions;

import java.util.List;
import java.util.Locale;

/** The part {@code tune} of a recipe: a preset, and what is to be different. */
final class TuneSection {
    /** The preset of a recipe that names none. */
    static final String USUAL = "snoozy";

    private static final List<String> NAMES =
            List.of(
                    "preset",
                    "rank",
                    "alpha",
                    "rslora",
                    "dropout",
                    "targets",
                    "learning_rate",
                    "schedule",
                    "warmup",
                    "weight_decay",
                    "clip",
                    "batch",
                    "epochs",
                    "steps",
                    "length",
                    "together",
                    "validation",
                    "evaluate_every",
                    "save_every",
                    "patience",
                    "form",
                    "exact",
                    "seed");

    private TuneSection() {}

    static TuneOptions read(YamlMap map) throws RecipeException {
        map.only(NAMES);
        TuneOptions usual = usual(map);
        try {
            return options(map, usual);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw map.error(named(message), message);
        }
    }

    private static TuneOptions options(YamlMap map, TuneOptions usual) throws RecipeException {
        LoraOptions lora = usual.lora();
        OptimizerOptions optimizer = usual.optimizer();
        List<String> targets = map.texts("targets");
        int length = whole(map, "length", usual.length());
        return new TuneOptions(
                new LoraOptions(
                        whole(map, "rank", lora.rank()),
                        map.number("alpha", lora.alpha()),
                        map.flag("rslora", lora.rootScale()),
                        map.number("dropout", lora.dropout()),
                        targets.isEmpty() ? lora.targets() : targets),
                new OptimizerOptions(
                        map.number("learning_rate", optimizer.rate()),
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        map.number("weight_decay", optimizer.weightDecay()),
                        map.number("clip", optimizer.clip())),
                choice(map, "schedule", usual.schedule(), Schedule.values()),
                whole(map, "warmup", usual.warmup()),
                whole(map, "batch", usual.batch()),
                whole(map, "epochs", usual.epochs()),
                whole(map, "steps", usual.maxSteps()),
                length,
                whole(map, "together", Math.max(length, usual.together())),
                map.number("validation", usual.validation()),
                whole(map, "evaluate_every", usual.evaluateEvery()),
                whole(map, "save_every", usual.saveEvery()),
                whole(map, "patience", usual.patience()),
                choice(map, "form", usual.form(), TuneOptions.Form.values()),
                map.flag("exact", usual.precision() == Precision.F32)
                        ? Precision.F32
                        : Precision.EIGHT_BIT,
                usual.threads(),
                map.whole("seed", usual.seed()),
                usual.validationFile(),
                usual.samples());
    }

    /** The name of its preset, which need not be one that there is. */
    static String preset(YamlMap map) throws RecipeException {
        return map.text("preset").orElse(USUAL);
    }

    private static TuneOptions usual(YamlMap map) throws RecipeException {
        String name = preset(map);
        return switch (name) {
            case USUAL -> TuneOptions.snoozy();
            case "gpt4all-lora" -> TuneOptions.gpt4allLora();
            default ->
                    throw map.error(
                            "preset", "preset: expected snoozy or gpt4all-lora, found " + name);
        };
    }

    private static int whole(YamlMap map, String name, int otherwise) throws RecipeException {
        long number = map.whole(name, otherwise);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw map.error(name, name + ": expected 0 or more, found " + number);
        }
        return (int) number;
    }

    private static <T extends Enum<T>> T choice(YamlMap map, String name, T usual, T[] all)
            throws RecipeException {
        String given = map.text(name).orElse(usual.name());
        StringBuilder names = new StringBuilder();
        for (T value : all) {
            if (value.name().equalsIgnoreCase(given)) {
                return value;
            }
            names.append(names.isEmpty() ? "" : ", ").append(value.name().toLowerCase(Locale.ROOT));
        }
        throw map.error(name, name + ": expected one of " + names + "; found " + given);
    }

    /** The name that an error of the options begins with, as a recipe spells it. */
    private static String named(String message) {
        String option = message.replaceFirst(":.*", "").replace("lora ", "").replace(' ', '_');
        return switch (option) {
            case "tokens_together" -> "together";
            case "steps_between_evaluations" -> "evaluate_every";
            case "steps_between_checkpoints" -> "save_every";
            default -> option;
        };
    }
}
