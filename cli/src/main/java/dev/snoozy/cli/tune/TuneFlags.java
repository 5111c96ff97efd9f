package dev.snoozy.cli.tune;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.kernels.Precision;
import dev.snoozy.tune.LoraOptions;
import dev.snoozy.tune.OptimizerOptions;
import dev.snoozy.tune.SampleOptions;
import dev.snoozy.tune.Schedule;
import dev.snoozy.tune.TuneOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How a model is trained: a preset, and what is to be different. */
final class TuneFlags {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "snoozy",
            description = "snoozy or gpt4all-lora (default: ${DEFAULT-VALUE})")
    private String preset = "snoozy";

    @Option(names = "--rank", paramLabel = "N", description = "rank of the adapter's matrices")
    private @Nullable Integer rank;

    @Option(
            names = "--alpha",
            paramLabel = "X",
            description = "the deltas are scaled by alpha / rank")
    private @Nullable Double alpha;

    @Option(names = "--rslora", description = "scale by alpha / sqrt(rank) instead")
    private boolean rootScale;

    @Option(
            names = "--dora",
            description =
                    "train the length of each row of a matrix by itself (DoRA); such an adapter is"
                            + " used by merging it: snoozy merge")
    private boolean dora;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            description = "probability of an element of an adapter's input to be dropped")
    private @Nullable Double dropout;

    @Option(
            names = "--targets",
            paramLabel = "NAMES",
            split = ",",
            description = "matrices of a layer, such as attn_q,attn_v, or all")
    private @Nullable List<String> targets;

    @Option(
            names = {"--lr", "--learning-rate"},
            paramLabel = "X",
            description = "learning rate after the warm-up")
    private @Nullable Double rate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "of the learning rate: constant or cosine")
    private @Nullable Schedule schedule;

    @Option(names = "--warmup", paramLabel = "N", description = "steps in which the rate rises")
    private @Nullable Integer warmup;

    @Option(names = "--weight-decay", paramLabel = "X", description = "decoupled decay")
    private @Nullable Double decay;

    @Option(
            names = "--clip",
            paramLabel = "X",
            description = "largest norm of the gradients; 0 for no bound")
    private @Nullable Double clip;

    @Option(names = "--batch", paramLabel = "N", description = "texts of a step")
    private @Nullable Integer batch;

    @Option(names = "--epochs", paramLabel = "N", description = "how often each text is learnt")
    private @Nullable Integer epochs;

    @Option(names = "--steps", paramLabel = "N", description = "the most steps")
    private @Nullable Integer steps;

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "the most tokens of a text; longer ones are cut off")
    private @Nullable Integer length;

    @Option(
            names = "--together",
            paramLabel = "N",
            description = "tokens that are evaluated together; fewer take less memory")
    private @Nullable Integer together;

    @Option(
            names = "--validation",
            paramLabel = "PART|FILE",
            description =
                    "part of the rows that is measured and not learnt, 0 to 0.5; or a file of rows"
                            + " that is measured as a whole")
    private @Nullable String validation;

    @Option(
            names = "--sample",
            paramLabel = "PROMPT",
            description =
                    "ask this at each measurement; may be given several times (default: the first"
                            + " questions of the rows that are measured)")
    private List<String> prompts = List.of();

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "how many of those questions; 0 for none")
    private @Nullable Integer samples;

    @Option(names = "--sample-tokens", paramLabel = "N", description = "the most of an answer")
    private @Nullable Integer sampleTokens;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "steps from one measurement to the next")
    private @Nullable Integer evaluateEvery;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description = "steps from one checkpoint to the next")
    private @Nullable Integer saveEvery;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "measurements without progress after which training stops; 0 for never")
    private @Nullable Integer patience;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description =
                    "how rows become texts: chat (the model's template), gpt4all (prompt, line end,"
                            + " response) or auto")
    private TuneOptions.@Nullable Form form;

    @Option(
            names = "--exact",
            description =
                    "keep activations beside quantized weights in F32: slower, and nearer to the"
                            + " gradients of the weights as they are")
    private boolean exact;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Option(names = "--seed", paramLabel = "N", description = "of all that is random")
    private @Nullable Long seed;

    TuneOptions options() {
        TuneOptions given = preset();
        SampleOptions usual = given.samples();
        Double part = part();
        TuneOptions options = options(given, part);
        if (validation != null && part == null) {
            Path file = Path.of(validation);
            if (!Files.isRegularFile(file)) {
                throw new WrongUseException(
                        "--validation: expected a number from 0 to 0.5 or a file of rows, found "
                                + validation);
            }
            options = options.withValidationFile(file);
        }
        return options.withSamples(
                new SampleOptions(
                        prompts, or(samples, usual.count()), or(sampleTokens, usual.tokens())));
    }

    /** What {@code --validation} says if it is a number. */
    private @Nullable Double part() {
        try {
            return validation == null ? null : Double.valueOf(validation);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private TuneOptions options(TuneOptions given, @Nullable Double part) {
        LoraOptions lora = given.lora();
        OptimizerOptions optimizer = given.optimizer();
        return new TuneOptions(
                new LoraOptions(
                        or(rank, lora.rank()),
                        or(alpha, lora.alpha()),
                        rootScale || lora.rootScale(),
                        or(dropout, lora.dropout()),
                        or(targets, lora.targets()),
                        dora || lora.dora()),
                new OptimizerOptions(
                        or(rate, optimizer.rate()),
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        or(decay, optimizer.weightDecay()),
                        or(clip, optimizer.clip())),
                or(schedule, given.schedule()),
                or(warmup, given.warmup()),
                or(batch, given.batch()),
                or(epochs, given.epochs()),
                or(steps, given.maxSteps()),
                or(length, given.length()),
                or(together, or(length, given.together())),
                or(part, given.validation()),
                or(evaluateEvery, given.evaluateEvery()),
                or(saveEvery, given.saveEvery()),
                or(patience, given.patience()),
                or(form, given.form()),
                exact ? Precision.F32 : given.precision(),
                or(threads, given.threads()),
                or(seed, given.seed()));
    }

    private TuneOptions preset() {
        return switch (preset) {
            case "snoozy" -> TuneOptions.snoozy();
            case "gpt4all-lora" -> TuneOptions.gpt4allLora();
            default ->
                    throw new WrongUseException(
                            "--preset: expected snoozy or gpt4all-lora, found " + preset);
        };
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
