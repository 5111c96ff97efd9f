package dev.snoozy.compress;

import dev.snoozy.compress.Knapsack.Option;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.ProbedModel;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Searches the types of all matrices that make a model as small as it is asked to be and lose
 * least: the errors of the types are measured ({@link CodingErrors}), and so is what an error in
 * each matrix does ({@link KlProbe}); a knapsack is packed ({@link Knapsack}). The same inputs give
 * the same types, for any number of threads. {@code docs/quantization.md} has the figures.
 */
public final class TargetSearch {
    /** Tokens of the probe that are read at once. */
    private static final int CHUNK = 256;

    private static final int SHORTEST = 32;
    private static final int MOST_TOKENS = 4096;

    /** Tokens times weights that a model reads for each group; a billion weights read one chunk. */
    private static final double WORK = 3.2e11;

    private static final int DEFAULT_ALIGNMENT = 32;

    private final GgufFile source;
    private final QuantizeOptions options;
    private final Target target;
    private final List<Item> items = new ArrayList<>();
    private final long fixed;
    private final long budget;

    /** A matrix and what it can become. */
    private record Item(TensorInfo tensor, List<TensorType> types) {}

    /**
     * Prepares a search.
     *
     * @param source open as long as this is used
     * @param options whose mixture does not count
     * @throws FormatException if no choice is small enough, or weights are quantized already
     */
    public TargetSearch(GgufFile source, QuantizeOptions options, Target target) {
        this.source = source;
        this.options = options;
        this.target = target;
        Quantizer whole = new Quantizer(source, options);
        whole.check();
        long chosen = 0;
        for (QuantizePlan.Choice choice : whole.plan().choices()) {
            TensorInfo tensor = choice.source();
            if (Mixture.quantizes(tensor) && tensor.elements() > 0) {
                items.add(new Item(tensor, Candidates.of(tensor, options)));
                chosen += cost(tensor, choice.target().type());
            }
        }
        fixed = (isFile() ? whole.fileBytes() : whole.plan().targetBytes()) - chosen;
        budget = allowed(whole.plan().elements()) - fixed;
        requireRoom(
                items.stream()
                        .mapToLong(item ->
                                item.types().stream()
                                        .mapToLong(type -> cost(item.tensor(), type))
                                        .min()
                                        .orElseThrow())
                        .sum());
    }

    private boolean isFile() {
        return target instanceof Target.FileSize;
    }

    /** The most bytes, of the file or of its tensors. */
    private long allowed(long elements) {
        return switch (target) {
            case Target.FileSize size -> size.bytes();
            case Target.BitsPerWeight average -> (long) Math.floor(average.bits() * elements / 8);
        };
    }

    /** The bytes of a tensor that count: in a file the room behind it too. */
    private long cost(TensorInfo tensor, TensorType type) {
        long bytes = Candidates.bytes(tensor, type);
        long unit =
                isFile() ? source.metadata().integer("general.alignment", DEFAULT_ALIGNMENT) : 1;
        return Math.ceilDiv(bytes, unit) * unit;
    }

    private void requireRoom(long least) {
        if (least > budget) {
            throw new FormatException(
                    "%s: the smallest that can be made is %s%s; cure: a larger target%s"
                            .formatted(
                                    target.text(),
                                    smallest(least + fixed),
                                    options.overrides().isEmpty() ? "" : " with --tensor-type",
                                    options.importance() == null && hasLongBlocks()
                                            ? ", or --imatrix FILE, which allows types of fewer bits"
                                            : ""));
        }
    }

    /** Whether there are rows for the types that need an importance matrix. */
    private boolean hasLongBlocks() {
        int block = TensorType.IQ2_XXS.blockSize();
        return items.stream().anyMatch(i -> i.tensor().shape().getFirst() % block == 0);
    }

    private String smallest(long bytes) {
        long elements = source.tensors().stream().mapToLong(TensorInfo::elements).sum();
        return isFile()
                ? bytes + " bytes"
                : new Target.BitsPerWeight(Math.ceil(8e4 * bytes / elements) / 1e4).text();
    }

    /**
     * Searches with a probe.
     *
     * @param model of the same file, for this time only
     * @param text to probe with
     */
    public TargetChoice choose(ProbedModel model, String text, SearchListener listener)
            throws IOException {
        List<TensorInfo> probed =
                items.stream().map(Item::tensor).filter(KlProbe::canProbe).toList();
        TextChunks chunks = chunks(model.model().tokenizer(), text);
        Map<String, Double> weights =
                new KlProbe(source, options, model, chunks)
                        .coefficients(ProbeGroups.of(probed), listener);
        return choose(weights, listener);
    }

    /**
     * Searches without running the model: the errors count by the importance of their columns, and
     * each tensor's as much as another's.
     *
     * @throws FormatException if there is no importance matrix
     */
    public TargetChoice choose(SearchListener listener) {
        if (options.importance() == null) {
            throw new FormatException(
                    "expected an importance matrix to weigh errors with, since the model cannot be probed; cure: --imatrix FILE");
        }
        return choose(null, listener);
    }

    /** The text that models are probed with unless there is a better one. */
    public static String builtInProbe() throws IOException {
        try (InputStream in = TargetSearch.class.getResourceAsStream("probe.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private TextChunks chunks(Tokenizer tokenizer, String text) {
        int tokens = tokenizer.encode(text, true, false).length;
        if (tokens < SHORTEST) {
            throw new IllegalArgumentException(
                    "the probe has %d tokens, expected %d or more; cure: a longer text"
                            .formatted(tokens, SHORTEST));
        }
        long weights = items.stream().mapToLong(item -> item.tensor().elements()).sum();
        int most = (int) Math.clamp(WORK / Math.max(1, weights), CHUNK, MOST_TOKENS);
        int size = Math.min(tokens, CHUNK);
        return TextChunks.of(tokenizer, text, size, Math.max(1, most / size));
    }

    private TargetChoice choose(@Nullable Map<String, Double> weights, SearchListener listener) {
        CodingErrors coding = new CodingErrors(source, options);
        List<Map<TensorType, Double>> errors;
        try (Workers workers = new Workers(options.threads())) {
            errors =
                    workers.each(
                            items.size(),
                            i -> coding.of(items.get(i).tensor(), items.get(i).types()),
                            done -> listener.measured(done, items.size()));
        }
        List<List<Option>> all = new ArrayList<>();
        List<List<TensorType>> types = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            TensorInfo tensor = items.get(i).tensor();
            double weight = weight(weights, tensor);
            List<Option> possible = new ArrayList<>();
            List<TensorType> known = List.copyOf(errors.get(i).keySet());
            for (TensorType type : known) {
                double error = Objects.requireNonNull(errors.get(i).get(type));
                possible.add(new Option(cost(tensor, type), weight * error));
            }
            all.add(possible);
            types.add(known);
        }
        requireRoom(Knapsack.least(all)); // a type may have had no room for a value
        int[] chosen = Knapsack.choose(all, budget);
        List<TargetChoice.Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            TensorInfo tensor = items.get(i).tensor();
            TensorType type = types.get(i).get(chosen[i]);
            double error = Objects.requireNonNull(errors.get(i).get(type));
            tensors.add(
                    new TargetChoice.Tensor(tensor.name(), type, error, weight(weights, tensor)));
        }
        return result(tensors, weights != null);
    }

    private static double weight(@Nullable Map<String, Double> weights, TensorInfo tensor) {
        return weights == null ? 1 : weights.getOrDefault(tensor.name(), 0.0);
    }

    private TargetChoice result(List<TargetChoice.Tensor> tensors, boolean probed) {
        List<QuantizeOptions.Override> overrides = new ArrayList<>(options.overrides());
        Map<TensorType, Long> elements = new EnumMap<>(TensorType.class);
        for (int i = 0; i < tensors.size(); i++) {
            TargetChoice.Tensor tensor = tensors.get(i);
            Pattern name = Pattern.compile("^" + Pattern.quote(tensor.name()) + "$");
            overrides.add(new QuantizeOptions.Override(name, tensor.type()));
            elements.merge(tensor.type(), items.get(i).tensor().elements(), Long::sum);
        }
        TensorType most =
                elements.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(TensorType.F32);
        QuantizeOptions made =
                new QuantizeOptions(
                        new Mixture(target.text(), most, fileType(most), false),
                        overrides,
                        options.importance(),
                        options.importanceFile(),
                        options.allowRequantize(),
                        options.threads());
        Quantizer quantizer = new Quantizer(source, made);
        long counted = isFile() ? quantizer.fileBytes() : quantizer.plan().targetBytes();
        if (counted > allowed(quantizer.plan().elements())) {
            throw new IllegalStateException(
                    "%s: the choice comes to %d bytes".formatted(target.text(), counted));
        }
        return new TargetChoice(
                made,
                tensors,
                probed ? tensors.stream().mapToDouble(TargetChoice.Tensor::loss).sum() : null,
                quantizer.fileBytes());
    }

    /** The number that says that most matrices are of a type. */
    private static int fileType(TensorType type) {
        return Mixture.all().stream()
                .filter(m -> m.base() == type && m.name().equals(type.name()))
                .findFirst()
                .or(() -> Mixture.all().stream().filter(m -> m.base() == type).findFirst())
                .map(Mixture::fileType)
                .orElse(1);
    }
}
