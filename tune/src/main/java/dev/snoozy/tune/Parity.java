package dev.snoozy.tune;

import dev.snoozy.engine.AdapterMatrices;
import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Network;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How far a merged model is from its base with the adapters, on some tokens.
 *
 * @param tokens that were compared
 * @param largest difference of a score
 * @param divergence mean of the Kullback-Leibler divergences of the next token, in nats
 * @param sameChoice part of the tokens after which both would choose the same
 */
public record Parity(int tokens, double largest, double divergence, double sameChoice) {
    private static final int TOKENS = 128;

    /** Mean divergences that rounding the changed matrices may cause, in nats. */
    private static final double BOUND_F32 = 1e-6;

    private static final double BOUND_F16 = 1e-4;
    private static final double BOUND_BF16 = 1e-2;

    /**
     * The largest mean divergence of a merge that is sound.
     *
     * @param type of the changed matrices, null for what {@link Merge#write} chooses
     */
    public static double bound(@Nullable TensorType type) {
        if (type == TensorType.F32) {
            return BOUND_F32;
        }
        return type == TensorType.BF16 ? BOUND_BF16 : BOUND_F16;
    }

    /** Compares two models. */
    public static Parity of(
            Path base, List<AdapterSource> adapters, Path merged, LoadOptions options)
            throws IOException {
        if (adapters.size() == 1 && hasMagnitudes(base, adapters.getFirst().file())) {
            return ofMagnitudes(base, adapters.getFirst().file(), merged, options);
        }
        List<float[]> expected;
        int[] text;
        try (LanguageModel model = LanguageModel.load(base, options.withAdapters(adapters))) {
            int count = Math.min(TOKENS, model.contextLength());
            int vocabulary = model.tokenizer().vocabulary().size();
            text = new SplittableRandom(1).ints(count, 0, vocabulary).toArray();
            expected = scores(model, text);
        }
        try (LanguageModel model = LanguageModel.load(merged, options)) {
            return compare(expected, scores(model, text));
        }
    }

    private static boolean hasMagnitudes(Path base, Path adapter) throws IOException {
        try (GgufFile file = GgufFile.open(base)) {
            return AdapterMatrices.read(adapter, file).hasMagnitudes();
        }
    }

    /** What has magnitudes runs beside its base only as it was trained. */
    private static Parity ofMagnitudes(Path base, Path adapter, Path merged, LoadOptions options)
            throws IOException {
        try (LanguageModel model = LanguageModel.load(merged, options);
                GgufFile file = GgufFile.open(base);
                Learner learner =
                        Learner.on(
                                Kernels.create(options.threads(), options.precision()),
                                file,
                                Math.min(TOKENS, model.contextLength()),
                                0)) {
            learner.load(adapter);
            int count = learner.network().contextLength();
            int vocabulary = model.tokenizer().vocabulary().size();
            int[] text = new SplittableRandom(1).ints(count, 0, vocabulary).toArray();
            int[] all = IntStream.range(0, count).toArray();
            try (Network.Pass pass = learner.begin(List.of(text), List.of(all))) {
                return compare(List.of(learner.scores(pass)), scores(model, text));
            }
        }
    }

    private static List<float[]> scores(LanguageModel model, int[] text) {
        try (Evaluation evaluation = model.evaluation()) {
            return new ArrayList<>(evaluation.append(text, true));
        }
    }

    private static Parity compare(List<float[]> expected, List<float[]> found) {
        double largest = 0;
        double divergence = 0;
        int same = 0;
        for (int t = 0; t < expected.size(); t++) {
            float[] x = expected.get(t);
            float[] y = found.get(t);
            int best = 0;
            int other = 0;
            for (int i = 0; i < x.length; i++) {
                largest = Math.max(largest, Math.abs((double) x[i] - y[i]));
                best = x[i] > x[best] ? i : best;
                other = y[i] > y[other] ? i : other;
            }
            same += best == other ? 1 : 0;
            double mine = logSum(x);
            double its = logSum(y);
            for (int i = 0; i < x.length; i++) {
                double log = x[i] - mine;
                divergence += Math.exp(log) * (log - (y[i] - its));
            }
        }
        int n = expected.size();
        return new Parity(n, largest, Math.max(0, divergence / n), (double) same / n);
    }

    private static double logSum(float[] row) {
        double max = Double.NEGATIVE_INFINITY;
        for (float value : row) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (float value : row) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }
}
