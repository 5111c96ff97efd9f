package dev.snoozy.kernels;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.scalar.HeadNorm;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.function.LongConsumer;

/**
 * The operations that networks are written in. An operation leaves its inputs alone and writes a
 * new output, so that training can record the same calls; where several steps are fused, the fusion
 * is one operation with one name and one backward. Each operation says what its backward needs
 * ("saves").
 *
 * <p>Activations are {@code [rows, columns]}, one row per token. A result does not depend on the
 * number of threads nor on which rows share a call: {@code docs/numerics.md} writes down the order
 * of every sum.
 *
 * <p>Used by one thread at a time; the operations spread their work over a {@link ThreadTeam}.
 * Whoever creates the kernels closes them, after the models that use them. Shapes that do not fit
 * raise {@link IllegalArgumentException} with both shapes.
 */
public interface Kernels extends PlainOperations, AutoCloseable {

    /**
     * The kernels for this machine.
     *
     * @param threads size of the thread team, the calling thread included
     * @param precision of activations beside quantized weights
     */
    static Kernels create(int threads, Precision precision) {
        return KernelChoice.create(threads, precision);
    }

    /**
     * The scalar kernels, which judge all others, on any machine. Activations stay F32.
     *
     * @param threads size of the thread team, the calling thread included
     */
    static Kernels reference(int threads) {
        return new ScalarKernels(new ThreadTeam(threads));
    }

    /** Which kernels these are and why they were chosen, in one line. */
    String description();

    /** What makes these kernels slower than they could be. */
    Cliffs cliffs();

    // ---- tensors

    /**
     * A weight over blocks as they lie in a file (little endian). The blocks are not copied and
     * must stay readable as long as the weight is used. Where they lie in a file that is mapped
     * read-only, kernels may give its pages back to the system at any time.
     *
     * @param shape {@code [out, in]}, {@code [experts, out, in]} or, for a vector, {@code [n]}
     * @throws dev.snoozy.format.FormatException if the type cannot be computed with
     */
    Tensor weight(TensorType type, long[] shape, MemorySegment blocks);

    /**
     * Makes copies of weights in the order in which products read them, in parallel, each at most
     * once; meanwhile the pages of their blocks are given back. A weight that was neither packed
     * nor left mapped is packed at its first product. Nothing to do for kernels that read blocks as
     * they are.
     *
     * @param weights those that products are asked of; one that is only looked up in needs no copy
     * @param done is told, on the calling thread, the bytes of the blocks of each
     * @throws IllegalStateException if the system does not give the memory; no copy is made then
     */
    default void pack(Collection<Tensor> weights, LongConsumer done) {}

    /**
     * Whether it pays to evaluate some tokens before the first text: where kernels are assembled at
     * first use, and are so fast that one does not wait for them.
     */
    default boolean warmUpPays() {
        return false;
    }

    /**
     * The memory that these kernels take for parts of a model, which a {@link
     * dev.snoozy.format.MemoryNeed} adds up.
     *
     * @param cache what keys and values are rounded to
     */
    default KernelMemory memory(CacheType cache) {
        return new FileMemory(cache);
    }

    /**
     * Makes no copies of these weights: products read the blocks where they lie. Much slower, with
     * the same results, and it takes no memory. Nothing to do for kernels that always do so.
     *
     * @param why for the report
     */
    default void leaveMapped(Collection<Tensor> weights, String why) {}

    /**
     * Makes copies of small weights that come and go while the kernels are in use, such as those of
     * adapters, each with memory of its own; or gives the copies back, when nobody multiplies with
     * them any more. Nothing to do for kernels that read blocks as they are.
     */
    default void packApart(Collection<Tensor> weights, boolean wanted) {}

    /**
     * A tensor {@code [rows, columns]} with these values, which are copied. An output like others.
     */
    Tensor upload(float[] values, int rows, int columns);

    /** Copies row {@code row} to {@code target}, which has at least as many elements. */
    void download(Tensor tensor, int row, float[] target);

    /**
     * Takes back the outputs made so far, but for those that are still wanted: after each layer, so
     * that the memory of one serves the next. Weights and caches stay.
     */
    void recycle(Tensor... kept);

    // ---- rows and columns

    /**
     * Rows of a table. [tokens] ids, {@code table [vocabulary, n]} → {@code [tokens, n]}. Saves
     * ids.
     */
    Tensor embed(Tensor table, int[] ids);

    /** The given rows, in that order. Saves the indices. */
    Tensor rows(Tensor x, int[] indices);

    /** Columns {@code from .. from + count - 1}. Saves the numbers. */
    Tensor columns(Tensor x, int from, int count);

    // ---- arithmetic

    /** Element-wise sum of two tensors of one shape. Saves nothing. */
    Tensor add(Tensor a, Tensor b);

    /** Every element times {@code factor}. Saves the factor. */
    Tensor scale(Tensor x, float factor);

    /** Every row times its own factor, {@code factors [rows]}. Saves the factors. */
    Tensor scaleRows(Tensor x, float[] factors);

    /** {@code cap * tanh(x / cap)}. Saves the output. */
    Tensor softcap(Tensor x, float cap);

    /** The function of every element. Saves x. */
    Tensor activate(Activation activation, Tensor x);

    /**
     * The function of the gate times up, element by element: SwiGLU and its relatives (Shazeer
     * 2020). Saves both inputs.
     */
    Tensor gated(Activation activation, Tensor gate, Tensor up);

    /**
     * Rows {@code indices} of y, none twice, plus the rows of a delta; the others as they are: what
     * an adapter adds for the rows of its texts. Saves the indices.
     *
     * @param delta {@code [indices, columns]}
     */
    default Tensor addRows(Tensor y, int[] indices, Tensor delta) {
        int n = y.columns();
        if (delta.rows() != indices.length || delta.columns() != n) {
            throw new IllegalArgumentException("addRows: " + delta + " does not fit " + y);
        }
        float[] all = new float[Math.multiplyExact(y.rows(), n)];
        float[] row = new float[n];
        for (int t = 0; t < y.rows(); t++) {
            download(y, t, row);
            System.arraycopy(row, 0, all, t * n, n);
        }
        for (int i = 0; i < indices.length; i++) {
            download(delta, i, row);
            for (int j = 0; j < n; j++) {
                all[indices[i] * n + j] += row[j];
            }
        }
        return upload(all, y.rows(), n);
    }

    // ---- norms

    /**
     * Root mean square norm (Zhang and Sennrich 2019) of every group of {@code weight.columns()}
     * columns: the whole row, or each head of it. Saves x and the inverse roots.
     */
    Tensor rmsNorm(Tensor x, Tensor weight, float epsilon);

    /** Layer norm (Ba et al. 2016) of every row. Saves x, means and inverse deviations. */
    Tensor layerNorm(Tensor x, Tensor weight, @Nullable Tensor bias, float epsilon);

    /**
     * Layer norm of every head of every row by weights of its own: {@code x [rows, heads *
     * length]}, {@code weight [heads, length]}. Saves x, means and inverse deviations.
     */
    default Tensor layerNormHeads(Tensor x, Tensor weight, float epsilon) {
        return HeadNorm.apply(this, x, weight, epsilon);
    }

    // ---- products

    /**
     * {@code x [rows, in]} by {@code weight [out, in]}, plus {@code bias [out]} → {@code [rows,
     * out]}. Saves x; the backward for x uses the transposed product of the packed weight.
     */
    Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias);

    /**
     * Several products with the same input, which an implementation may compute together; each
     * result is that of {@link #linear}.
     *
     * @param weights each {@code [out, in]}
     * @param biases of each weight, or null
     */
    default Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        Tensor[] results = new Tensor[weights.length];
        for (int i = 0; i < weights.length; i++) {
            results[i] = linear(x, weights[i], biases[i]);
        }
        return results;
    }

    /**
     * The backward of {@link #linear} for x, a product with the transposed weight: {@code g [rows,
     * out]} by {@code weight [out, in]} → {@code [rows, in]}, the sum over the outputs. The weight
     * is decoded to F32, whatever the precision.
     */
    Tensor linearBackward(Tensor g, Tensor weight);

    /** Outputs that {@link #linearBackward} sums by themselves, before they are added to others. */
    int BACKWARD_RUN = 2048;

    /**
     * A mixture of expert feed-forward networks: each row goes through the experts its router chose
     * and their outputs are summed with the router's weights, in the order of choice.
     *
     * @param x {@code [rows, embedding]}
     * @param router {@code [rows, experts]}, scores before any soft-max
     * @param gate {@code [experts, n, embedding]}
     * @param up {@code [experts, n, embedding]}
     * @param down {@code [experts, embedding, n]}
     * @return {@code [rows, embedding]}. Saves x, the choices and weights, gate and up outputs
     */
    Tensor experts(
            Tensor x,
            Tensor router,
            RouterSpec spec,
            Tensor gate,
            Tensor up,
            Tensor down,
            Activation activation);

    /**
     * A linear map of each row by the matrix of its own expert; for mixtures that {@link #experts}
     * does not know.
     *
     * @param x {@code [rows, in]}
     * @param experts per row its matrix
     * @param weights {@code [experts, out, in]}
     * @return {@code [rows, out]}. Saves x
     */
    Tensor expertLinear(Tensor x, int[] experts, Tensor weights);

    // ---- attention

    /**
     * Turns each head of each row by its position.
     *
     * @param x {@code [rows, heads * headLength]}
     * @param headLength columns of a head; the first {@code 2 * frequencies} of them are turned
     * @param positions one per row
     * @return the shape of x. Saves positions
     */
    Tensor rope(Tensor x, int headLength, Rope rope, int[] positions);

    /**
     * Pages for one layer's keys {@code [.., kvHeads * keyLength]} and values {@code [.., kvHeads *
     * valueLength]}, which are rounded to a type when they are stored.
     */
    KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type);

    /**
     * Writes the rows' keys and values into their pages, then attends: soft-max over the positions
     * each row sees of the scaled products of its query with their keys, and the mean of the values
     * by these weights (Vaswani et al. 2017; grouped heads: Ainslie et al. 2023).
     *
     * @param q {@code [rows, heads * keyLength]}
     * @param k {@code [rows, kvHeads * keyLength]}
     * @param v {@code [rows, kvHeads * valueLength]}
     * @return {@code [rows, heads * valueLength]}. Saves q, k, v and the row maxima and sums
     */
    Tensor attention(Tensor q, Tensor k, Tensor v, KvPages pages, KvRows rows, AttentionSpec spec);

    // ---- recurrence

    /**
     * A causal convolution of each channel over the rows of its text (LeCun's time-delay networks
     * as used by Gu and Dao 2023): what recurrent layers see of the last few tokens. Any kernels
     * compute it in the same way, spread with {@link #each}.
     *
     * @param x {@code [rows, channels]}
     * @param weight {@code [width, channels]}, the oldest input's first
     * @param bias {@code [channels]}, or null
     * @param pages with {@code (width - 1) * channels} numbers from {@code at} on
     * @return the shape of x. Saves x
     */
    default Tensor convolve(
            Tensor x,
            float[] weight,
            float @Nullable [] bias,
            StatePages pages,
            int at,
            StateRuns rows) {
        float[] y = Recurrence.convolve(downloadAll(x), weight, bias, pages, at, rows, this::each);
        return upload(y, x.rows(), x.columns());
    }

    /**
     * A selective scan, as {@link ScanSpec} has it.
     *
     * @param x {@code [rows, heads * headLength]}
     * @param step {@code [rows, heads]}, before the soft-plus
     * @param b {@code [rows, groups * stateLength]}, what is written
     * @param c {@code [rows, groups * stateLength]}, what is read
     * @param pages with {@link ScanSpec#length} numbers from {@code at} on
     * @return the shape of x
     */
    default Tensor scan(
            Tensor x,
            Tensor step,
            Tensor b,
            Tensor c,
            ScanSpec spec,
            StatePages pages,
            int at,
            StateRuns rows) {
        cliffs().report(PerformanceCliff.PLAIN_RECURRENCE, "selective scans");
        float[] y =
                Recurrence.scan(
                        downloadAll(x),
                        downloadAll(step),
                        downloadAll(b),
                        downloadAll(c),
                        spec,
                        pages,
                        at,
                        rows,
                        this::each);
        return upload(y, x.rows(), x.columns());
    }

    /**
     * A gated delta rule, as {@link DeltaSpec} has it.
     *
     * @param q {@code [rows, keyHeads * keyLength]}
     * @param k {@code [rows, keyHeads * keyLength]}
     * @param v {@code [rows, valueHeads * valueLength]}
     * @param step {@code [rows, valueHeads]}, before the soft-plus
     * @param beta {@code [rows, valueHeads]}, before the sigmoid
     * @param pages with {@link DeltaSpec#length} numbers from {@code at} on
     * @return the shape of v
     */
    default Tensor deltaRule(
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor step,
            Tensor beta,
            DeltaSpec spec,
            StatePages pages,
            int at,
            StateRuns rows) {
        cliffs().report(PerformanceCliff.PLAIN_RECURRENCE, "delta rules");
        float[] y =
                Recurrence.delta(
                        downloadAll(q),
                        downloadAll(k),
                        downloadAll(v),
                        downloadAll(step),
                        downloadAll(beta),
                        spec,
                        pages,
                        at,
                        rows,
                        this::each);
        return upload(y, v.rows(), v.columns());
    }

    // ---- the team

    /**
     * Runs work of the caller's own on the thread team: for what training computes beside these
     * operations. Each item is computed once, by any member.
     */
    default void each(int items, ThreadTeam.Work work) {
        for (int item = 0; item < items; item++) {
            work.run(item, 0);
        }
    }

    /** Members of the thread team that {@link #each} uses. */
    default int members() {
        return 1;
    }

    @Override
    void close();
}
