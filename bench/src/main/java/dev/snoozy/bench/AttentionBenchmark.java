package dev.snoozy.bench;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Attention of one layer of a model of the shape of Llama 3.2 1B (32 heads, 8 of keys and values,
 * 64 columns each) on one thread: a token of decode or a batch of prefill, after so many others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class AttentionBenchmark {
    private static final int HEADS = 32;
    private static final int KV_HEADS = 8;
    private static final int LENGTH = 64;
    private static final int FILL = 512;

    @Param({"F32", "F16", "Q8_0"})
    public String cache = "";

    @Param({"1", "512"})
    public int rows;

    @Param({"0", "4096"})
    public int depth;

    private final AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.125f, 0);
    private Kernels kernels;
    private KvPages pages;
    private int[] table = {};
    private Tensor q;
    private Tensor k;
    private Tensor v;
    private KvRows seen;

    @Setup
    public void create() {
        kernels = Kernels.create(1, Precision.EIGHT_BIT);
        pages = kernels.kvPages(KV_HEADS, LENGTH, LENGTH, CacheType.valueOf(cache));
        table = new int[(depth + FILL) / KvPages.PAGE];
        Arrays.setAll(table, page -> page);
        pages.reserve(table.length);
        for (int from = 0; from < depth; from += FILL) {
            prepare(from, FILL);
            kernels.attention(q, k, v, pages, seen, spec);
            kernels.recycle();
        }
    }

    @Setup(Level.Invocation)
    public void next() {
        kernels.recycle();
        prepare(depth, rows);
    }

    private void prepare(int from, int count) {
        q = random(count, HEADS * LENGTH);
        k = random(count, KV_HEADS * LENGTH);
        v = random(count, KV_HEADS * LENGTH);
        int[][] tables = new int[count][];
        Arrays.fill(tables, table);
        int[] positions = new int[count];
        Arrays.setAll(positions, r -> from + r);
        seen = new KvRows(tables, positions, new int[count], positions);
    }

    private Tensor random(int count, int columns) {
        float[] values = new float[count * columns];
        Random random = new Random(count);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return kernels.upload(values, count, columns);
    }

    @Benchmark
    public Tensor attention() {
        return kernels.attention(q, k, v, pages, seen, spec);
    }

    @TearDown
    public void close() {
        pages.close();
        kernels.close();
    }
}
