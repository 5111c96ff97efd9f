package dev.snoozy.compress;

import dev.snoozy.compress.RowCoding.Squares;
import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.compress.quantize.Encoders;
import dev.snoozy.engine.ProbedModel;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds out how much an error in each tensor matters: a model reads a text once as it is and once
 * with each group of tensors quantized. What the divergence grew to, for the relative squared error
 * that was put in, is the group's coefficient. While errors are small the divergence is linear in
 * them, and those of several tensors add up (Malinovskii et al. 2024, arXiv 2411.17525, theorem 1).
 *
 * <p>Used by one thread.
 */
final class KlProbe {
    /** Fast to write, with an error of about a hundredth: small, and far above that of floats. */
    private static final TensorType NOISE = TensorType.Q4_0;

    /** The noise in the model is that of the type, but for another ten thousandth. */
    private static final TensorType STAND_IN = TensorType.BF16;

    private static final int CHUNK = 1 << 16;

    /** What is far below the others was not exercised by the text rather than of no effect. */
    private static final double LEAST = 1e-3;

    private final GgufFile source;
    private final QuantizeOptions options;
    private final ProbedModel model;
    private final TextChunks text;

    /**
     * A probe.
     *
     * @param source the model's tensors; another opening of its file
     * @param text of a few hundred tokens
     */
    KlProbe(GgufFile source, QuantizeOptions options, ProbedModel model, TextChunks text) {
        this.source = source;
        this.options = options;
        this.model = model;
        this.text = text;
    }

    /** Whether the noise can be put into a tensor. */
    static boolean canProbe(TensorInfo tensor) {
        return tensor.shape().getFirst() % NOISE.blockSize() == 0;
    }

    /**
     * The coefficients of tensors by name.
     *
     * @param groups tensors that share a coefficient
     */
    Map<String, Double> coefficients(List<List<TensorInfo>> groups, SearchListener listener)
            throws IOException {
        Perplexity perplexity =
                new Perplexity(model.model(), options.threads(), (done, all, value) -> {});
        Base.Kept base = perplexity.keep(text);
        double[] found = new double[groups.size()];
        try (Workers workers = new Workers(options.threads())) {
            for (int i = 0; i < found.length; i++) {
                found[i] = coefficient(perplexity, base, groups.get(i), workers);
                listener.probed(i + 1, found.length);
            }
        }
        double least = LEAST * median(found);
        Map<String, Double> coefficients = new HashMap<>();
        for (int i = 0; i < found.length; i++) {
            for (TensorInfo tensor : groups.get(i)) {
                coefficients.put(tensor.name(), Math.max(least, found[i]));
            }
        }
        return coefficients;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private double coefficient(
            Perplexity perplexity, Base base, List<TensorInfo> group, Workers workers)
            throws IOException {
        double errors = 0;
        try (Arena arena = Arena.ofShared()) {
            for (TensorInfo tensor : group) {
                MemorySegment blocks =
                        arena.allocate(STAND_IN.bytes(tensor.elements()), Long.BYTES);
                errors += noisy(tensor, blocks, workers).relative();
                model.exchange(tensor.name(), STAND_IN, blocks);
            }
            Divergence divergence =
                    Objects.requireNonNull(perplexity.compare(text, base).divergence());
            return errors == 0 ? 0 : divergence.divergence().value() / errors;
        } finally {
            model.restore();
        }
    }

    /** Writes a tensor with the noise in it. */
    private Squares noisy(TensorInfo tensor, MemorySegment target, Workers workers) {
        long rows = RowCoding.rows(tensor);
        long matrix = tensor.shape().size() > 2 ? tensor.shape().get(1) : rows;
        long most = Math.clamp(CHUNK / RowCoding.columns(tensor), 1, matrix);
        List<long[]> parts = new ArrayList<>();
        for (long row = 0; row < rows; ) {
            long end = Math.min(row + most, (row / matrix + 1) * matrix);
            parts.add(new long[] {row, end});
            row = end;
        }
        return workers
                .each(
                        parts.size(),
                        i -> noisy(tensor, parts.get(i)[0], parts.get(i)[1], target),
                        done -> {})
                .stream()
                .reduce(Squares.NONE, Squares::plus);
    }

    private Squares noisy(TensorInfo tensor, long from, long to, MemorySegment target) {
        RowCoding coding = new RowCoding(source);
        int columns = RowCoding.columns(tensor);
        float[] x = new float[Math.toIntExact((to - from) * columns)];
        for (long row = from; row < to; row++) {
            coding.read(tensor, row, x, (int) (row - from) * columns);
        }
        float[] back;
        try {
            back = coding.coded(NOISE, x, null);
        } catch (ArithmeticException e) {
            throw new FormatException("tensor " + tensor.name() + ": " + e.getMessage(), e);
        }
        byte[] blocks = new byte[Math.toIntExact(STAND_IN.bytes(back.length))];
        Encoders.of(STAND_IN).encode(back, back.length, null, blocks);
        MemorySegment.copy(
                blocks,
                0,
                target,
                ValueLayout.JAVA_BYTE,
                STAND_IN.bytes(from * columns),
                blocks.length);
        back = coding.coded(STAND_IN, back, null); // as the model has them now
        return RowCoding.squares(x, back, RowCoding.importance(options, tensor, from));
    }
}
