package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.WeightPlacement;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.MachineLimits;
import dev.snoozy.tune.LoraOptions;
import dev.snoozy.tune.MemoryEstimate;
import dev.snoozy.tune.TuneOptions;
import dev.snoozy.tune.Tuning;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * About how long a cook takes and how much memory and disk, before anything is done. Files that are
 * not there are reckoned by what the recipe says of them.
 *
 * @param parts the stages that take long
 * @param memory bytes of the stage that needs most of it
 * @param disk bytes of the results
 * @param tokensPerSecond of the base on this machine, reading
 * @param measured whether that was measured with the base, or reckoned from its size and the speed
 *     of this machine's arithmetic
 */
public record Estimate(
        List<Part> parts, long memory, long disk, double tokensPerSecond, boolean measured) {
    private static final double PACKED = 3.5; // text in gzip, zip and Parquet
    private static final double BYTES_OF_TOKEN = 4;
    private static final double BYTES_OF_ITEM = 600; // evaluated, beginnings shared
    private static final int TOKENS_OF_TEXT = 400;
    private static final double CURATED_PER_SECOND = 2e6; // bytes, a thread
    private static final double QUANTIZED_PER_SECOND = 15e6; // parameters, a thread
    private static final double WRITTEN_PER_SECOND = 200e6; // bytes
    private static final double REACHED = 0.5; // part of the machine's limit that products reach
    private static final double SLOWEST = 5e9; // operations a thread, where nothing was measured
    private static final int PROBE = 128;
    private static final long MEASURED_FOR = 2_000_000_000L;
    private static final int MINUTE = 60;
    private static final int DAY = 24; // hours
    private static final long PROGRAM = 512L << 20;

    /** Items of the whole sets, for those that are not there. */
    private static final Map<Task, Integer> ITEMS =
            new EnumMap<>(
                    Map.of(
                            Task.BOOLQ, 3270,
                            Task.PIQA, 1838,
                            Task.HELLASWAG, 10042,
                            Task.WINOGRANDE, 1267,
                            Task.ARC_EASY, 2376,
                            Task.ARC_CHALLENGE, 1172,
                            Task.OPENBOOKQA, 500));

    public Estimate {
        parts = List.copyOf(parts);
    }

    /**
     * A stage, or several of a kind.
     *
     * @param seconds about how long
     * @param what it does
     */
    public record Part(String stage, double seconds, String what) {}

    /** Seconds of all. */
    public double seconds() {
        return parts.stream().mapToDouble(Part::seconds).sum();
    }

    /** Seconds, minutes, hours or days, as people say them. */
    public static String time(double seconds) {
        if (seconds < 2 * MINUTE) {
            return Math.round(seconds) + " s";
        }
        double minutes = seconds / MINUTE;
        if (minutes < 2 * MINUTE) {
            return Math.round(minutes) + " min";
        }
        double hours = minutes / MINUTE;
        return hours < 2 * DAY
                ? String.format(Locale.ROOT, "%.1f h", hours)
                : String.format(Locale.ROOT, "%,.0f days", hours / DAY);
    }

    /**
     * Estimates; measures for about a second.
     *
     * @return nothing if the base is not there and the recipe does not say its shape
     */
    public static @Nullable Estimate of(CookRecipe recipe, int threads) throws IOException {
        Path base = recipe.base().file();
        if (!Files.isRegularFile(base)) {
            ModelSize size = recipe.base().shape();
            return size == null
                    ? null
                    : of(recipe, threads, size, reckoned(size, threads), BYTES_OF_TOKEN, false);
        }
        ModelSize size;
        try (GgufFile file = GgufFile.open(base)) {
            size = ModelSize.of(file);
        }
        LoadOptions load =
                LoadOptions.defaults().withThreads(threads).withWeights(WeightPlacement.MAPPED);
        try (LanguageModel model = LanguageModel.load(base, load)) {
            return of(recipe, threads, size, measured(model), bytesOfToken(recipe, model), true);
        }
    }

    private static Estimate of(
            CookRecipe recipe,
            int threads,
            ModelSize size,
            double speed,
            double bytesOfToken,
            boolean measured)
            throws IOException {
        int types = recipe.quantize().size();
        double data = 0;
        for (Recipe.Input input : recipe.curation().inputs()) {
            data += bytes(recipe, input.path()) * Math.max(1, input.weight());
        }
        TuneOptions tune = recipe.tune();
        double tokens = data / bytesOfToken * tune.epochs();
        if (tune.maxSteps() > 0) {
            double most = (double) tune.maxSteps() * tune.batch();
            tokens = Math.min(tokens, most * Math.min(tune.length(), TOKENS_OF_TEXT));
        }
        double judged = items(recipe.judging()) * BYTES_OF_ITEM / bytesOfToken;
        List<Part> parts = new ArrayList<>();
        parts.add(
                new Part(
                        "curate",
                        data / CURATED_PER_SECOND / threads,
                        Html.number("%.1f MB of text", data / 1e6)));
        parts.add(
                new Part(
                        "tune",
                        tokens * Tuning.STEP_COST / speed,
                        Html.number("%,.0f tokens at most", tokens)));
        parts.add(new Part("merge", size.bytes() / WRITTEN_PER_SECOND, "one model"));
        parts.add(
                new Part(
                        "quantize",
                        2.0 * types * size.parameters() / QUANTIZED_PER_SECOND / threads,
                        2 * types + " models"));
        parts.add(
                new Part(
                        "evaluate",
                        (2 + 2 * types) * judged / speed,
                        Html.number("%d models, %,.0f tokens each", 2 + 2 * types, judged)));
        return new Estimate(parts, memory(recipe, size), disk(recipe, size, data), speed, measured);
    }

    /** Prefill of the model, the best of some rounds: at first weights are packed and code slow. */
    private static double measured(LanguageModel model) {
        int vocabulary = model.tokenizer().vocabulary().size();
        int count = Math.min(PROBE, model.contextLength());
        int[] text = new SplittableRandom(1).ints(count, 0, vocabulary).toArray();
        double best = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < 2 || System.nanoTime() - begin < MEASURED_FOR; i++) {
            long start = System.nanoTime();
            try (Evaluation evaluation = model.evaluation()) {
                evaluation.append(text, false);
            }
            best = Math.max(best, count * 1e9 / Math.max(1, System.nanoTime() - start));
        }
        return best;
    }

    private static double reckoned(ModelSize size, int threads) {
        boolean quantized = size.bytes() < 1.5 * size.parameters();
        double operations =
                MachineLimits.measure(threads)
                        .map(m -> quantized ? m.bytesPerSecond() : m.floatsPerSecond())
                        .map(limit -> REACHED * limit)
                        .orElse(SLOWEST * threads);
        return operations / (2.0 * size.parameters());
    }

    private static double bytesOfToken(CookRecipe recipe, LanguageModel model) throws IOException {
        Path text = recipe.judging().perplexity().orElse(null);
        if (text == null || !Files.isRegularFile(text)) {
            return model.tokenizer().vocabulary().size() < 1000 ? 2 : BYTES_OF_TOKEN;
        }
        String sample = Files.readString(text);
        return Math.max(
                1,
                (double) sample.length() / model.tokenizer().encode(sample, false, false).length);
    }

    /** Of the text in a file, or in those of a folder. */
    private static double bytes(CookRecipe recipe, Path path) throws IOException {
        if (!Files.exists(path)) {
            Path normal = path.normalize();
            return recipe.needs().stream()
                    .filter(need -> need.path().equals(normal))
                    .mapToLong(Need::bytes)
                    .max()
                    .orElse(0);
        }
        double bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean packed =
                        String.valueOf(file.getFileName()).matches(".*\\.(gz|tgz|zip|parquet)");
                bytes += Files.size(file) * (packed ? PACKED : 1);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return bytes;
    }

    private static long items(CookRecipe.Judging judging) throws IOException {
        Map<Task, Path> found =
                Files.isDirectory(judging.data()) ? TaskSet.find(judging.data()) : Map.of();
        long items = 0;
        for (Task task : Task.values()) {
            Path file = found.get(task);
            boolean wanted =
                    judging.tasks().isEmpty()
                            ? found.isEmpty() || file != null
                            : judging.tasks().contains(task);
            if (wanted) {
                int all =
                        file == null
                                ? ITEMS.getOrDefault(task, 0)
                                : TaskSet.read(task, file).size();
                items += judging.limit() > 0 ? Math.min(all, judging.limit()) : all;
            }
        }
        return items;
    }

    private static long memory(CookRecipe recipe, ModelSize size) {
        LoraOptions lora = recipe.tune().lora();
        long narrow = 2L * size.embedding();
        long wide = (long) size.embedding() + size.feedForward();
        long layer = 0;
        if (lora.targets().contains(LoraOptions.ALL)) {
            layer = 4 * narrow + 3 * wide;
        } else {
            for (String target : lora.targets()) {
                layer += target.startsWith("ffn") ? wide : narrow;
            }
        }
        MemoryEstimate.Shape shape =
                new MemoryEstimate.Shape(
                        size.bytes(),
                        size.layers(),
                        size.embedding(),
                        5L * size.embedding() + 2L * size.feedForward(),
                        Math.max(size.embedding(), size.feedForward()),
                        size.vocabulary());
        long trained = layer * lora.rank() * size.layers();
        long training = MemoryEstimate.of(shape, trained, recipe.tune().together());
        long merged = 2 * size.parameters() + PROGRAM; // F16, judged as it is
        return Math.max(training, merged);
    }

    private static long disk(CookRecipe recipe, ModelSize size, double data) {
        double bytes = data + 2.0 * size.parameters();
        for (Mixture mixture : recipe.quantize()) {
            double bytesOfOne =
                    (double) mixture.base().bytesPerBlock() / mixture.base().blockSize();
            bytes += 2 * size.parameters() * bytesOfOne;
        }
        return (long) bytes;
    }
}
