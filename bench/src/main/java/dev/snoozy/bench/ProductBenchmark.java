package dev.snoozy.bench;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Products of activations with a weight of 2048 × 2048 on each path, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"})
public class ProductBenchmark {
    private static final int SIZE = 2048;

    @Param({"vnni512", "avxvnni", "avx2", "vector", "scalar"})
    public String path = "";

    @Param({"Q4_0", "Q8_0", "Q4_K", "Q6_K", "F16"})
    public String type = "";

    @Param({"1", "512"})
    public int tokens;

    private Kernels kernels;
    private Tensor weight;
    private Tensor x;
    private float[] values = {};

    @Setup
    public void create() {
        System.setProperty("snoozy.kernels", path);
        kernels = Kernels.create(1, Precision.EIGHT_BIT);
        Random random = new Random(1);
        TensorType number = TensorType.valueOf(type);
        byte[] bytes = new byte[Math.toIntExact(number.bytes((long) SIZE * SIZE))];
        random.nextBytes(bytes);
        MemorySegment blocks = Arena.ofAuto().allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, blocks, ValueLayout.JAVA_BYTE, 0, bytes.length);
        weight = kernels.weight(number, new long[] {SIZE, SIZE}, blocks);
        values = new float[tokens * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }

    /** Outputs are taken back after each call, and the activations with them. */
    @Setup(Level.Invocation)
    public void upload() {
        kernels.recycle();
        x = kernels.upload(values, tokens, SIZE);
    }

    /** Packs the weight at its first call. */
    @Benchmark
    public Tensor linear() {
        return kernels.linear(x, weight, null);
    }

    @TearDown
    public void close() {
        kernels.close();
    }
}
