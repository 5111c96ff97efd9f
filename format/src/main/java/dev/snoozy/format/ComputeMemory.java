package dev.snoozy.format;

import java.util.Arrays;
import java.util.Collection;

/**
 * The memory that evaluating takes beside weights and caches: the outputs that are made within a
 * layer, which all live until its end and serve the next one; the scores of the tokens; what
 * threads add up of attention. An estimate over the lengths of a model, near what the kernels in
 * machine code take.
 */
final class ComputeMemory {
    /** The rows of a prompt that are evaluated at once. */
    static final int BATCH = 256;

    /** Positions that a thread adds up for itself. */
    private static final int SEGMENT = 512;

    /** Queries that walk over the positions together. */
    private static final int QUERIES = 48;

    /** Parts of the work for each thread, below which it is cut along the positions. */
    private static final int ITEMS = 4;

    /** Beyond any model; keeps products of hostile numbers in range. */
    private static final int MOST_USED = 4096;

    private static final int WIDEST = 1 << 24;

    private static final int LANES = 16;
    private static final int BLOCK = 32;

    /** Bytes of a block of activations that was rounded to 8 bit. */
    private static final int ROUNDED_BLOCK = BLOCK + 2 * Float.BYTES;

    /** Bytes before the numbers of a query: its limits, and scores of a tile. */
    private static final int QUERY_HEAD = 128 + 64 * Float.BYTES;

    private static final long SMALLEST = 1024;

    private final int embedding;
    private final int queries;
    private final int keys;
    private final int values;
    private final int attended;
    private final int feedForward;
    private final int experts;
    private final int used;
    private final int vocabulary;
    private final int kvHeads;
    private final int heads;
    private final boolean fused;
    private final boolean gated;
    private final boolean headNorms;
    private final boolean postNorms;
    private final boolean capped;
    private final boolean causal;
    private final int threads;

    ComputeMemory(
            Metadata metadata,
            String prefix,
            Lengths lengths,
            int vocabulary,
            Collection<String> tensors,
            int threads) {
        this.vocabulary = vocabulary;
        this.threads = threads;
        embedding = lengths.embedding();
        heads = lengths.heads();
        kvHeads = lengths.kvHeads();
        queries = heads * lengths.keys();
        keys = kvHeads * lengths.keys();
        values = kvHeads * lengths.values();
        attended = heads * lengths.values();
        experts = metadata.integer(prefix + "expert_count", 0);
        used = Math.clamp(metadata.integer(prefix + "expert_used_count", experts), 1, MOST_USED);
        int width = width(metadata, prefix + "feed_forward_length", 4 * embedding);
        int ofExpert = metadata.integer(prefix + "expert_feed_forward_length", width);
        feedForward = Math.clamp(ofExpert, 0, WIDEST);
        String layer = "blk.0.";
        fused = tensors.contains(layer + "attn_qkv.weight");
        gated = experts > 0 || tensors.contains(layer + "ffn_gate.weight") || fused;
        headNorms = tensors.contains(layer + "attn_q_norm.weight");
        postNorms = tensors.contains(layer + "post_ffw_norm.weight");
        capped = metadata.has(prefix + "final_logit_softcapping");
        causal = metadata.flag(prefix + "attention.causal", !isEncoder(prefix));
    }

    /** The lengths that caches and activations have in common. */
    record Lengths(int embedding, int heads, int kvHeads, int keys, int values) {}

    /** Whether the models of an architecture predict no tokens. */
    static boolean isEncoder(String prefix) {
        return prefix.contains("bert") || prefix.equals("gemma-embedding.");
    }

    /** Whether a prompt is read in batches; an encoder sees the whole of its text at once. */
    boolean isCausal() {
        return causal;
    }

    /** Bytes for texts of a length. */
    long bytes(int context, int sequences) {
        int rows = causal ? BATCH : Math.max(BATCH, context);
        // Batches of 64 rows and of 16 come first, when a model is loaded, and leave theirs.
        long layer = layer(rows);
        long all = layer + layer / 4 + layer / 16;
        return all + scores(causal ? sequences : 0) + attention(context, sequences);
    }

    private long layer(int rows) {
        int states = postNorms ? 9 : 7;
        long bytes = states * output(rows, embedding);
        bytes += (headNorms ? 3 : 2) * (output(rows, queries) + output(rows, keys));
        bytes += output(rows, values) + output(rows, attended);
        bytes += fused ? output(rows, queries + keys + values) : 0;
        bytes += 2 * rounded(rows, embedding) + rounded(rows, attended);
        if (experts > 0) {
            // Rows are gathered for each expert; codes in buffers that suit the number of them.
            long chosen = (long) rows * used;
            long codes = chosen * (embedding + feedForward) / BLOCK * ROUNDED_BLOCK;
            bytes += 2 * output(chosen, embedding) + 3 * output(chosen, feedForward);
            return bytes + output(rows, embedding) + codes / 2 * 3;
        }
        bytes += (gated ? 3 : 2) * output(rows, feedForward) + rounded(rows, feedForward);
        return bytes + (fused ? output(rows, 2 * feedForward) : 0);
    }

    private long scores(int rows) {
        return (capped ? 2 : 1) * output(rows, vocabulary);
    }

    /** What is added up of one row each, where there are not items enough for all threads. */
    private long attention(int context, int sequences) {
        int sharing = Math.max(1, heads / Math.max(1, kvHeads));
        long items = (long) kvHeads * ((sharing + QUERIES - 1) / QUERIES) * sequences;
        if (threads == 1 || items >= (long) ITEMS * threads) {
            return 0;
        }
        long record =
                QUERY_HEAD
                        + padded(keys / Math.max(1, kvHeads)) * Float.BYTES
                        + 2 * padded(values / Math.max(1, kvHeads)) * Float.BYTES;
        long segments = (context + (long) SEGMENT - 1) / SEGMENT;
        // It grows by more than is asked for.
        return Math.multiplyExact(items * segments, QUERIES * record) / 4 * 5;
    }

    /** A length, or the largest of those of the layers. */
    private static int width(Metadata metadata, String key, int otherwise) {
        return metadata.get(key) instanceof int[] each
                ? Arrays.stream(each).max().orElse(otherwise)
                : metadata.integer(key, otherwise);
    }

    private static long output(long rows, long columns) {
        return buffer(rows * padded(columns) * Float.BYTES);
    }

    private static long rounded(int rows, long columns) {
        return buffer(rows * ((columns + BLOCK - 1) / BLOCK) * ROUNDED_BLOCK);
    }

    /** Buffers have sizes that serve several uses: powers of two. */
    private static long buffer(long bytes) {
        return bytes <= SMALLEST ? SMALLEST : Long.highestOneBit(bytes - 1) << 1;
    }

    private static long padded(long columns) {
        return (columns + LANES - 1) / LANES * LANES;
    }
}
