package dev.snoozy.bench;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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

/**
 * How fast activations are multiplied with a weight of 2048 x 2048: in billions of floating-point
 * operations a second (counter {@code gigaflops}) and billions of weights read a second (counter
 * {@code gigaweights}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class LinearBenchmark {
    private static final int SIDE = 2048;

    @Param({"scalar", "vector"})
    public String kernels = "";

    @Param({"F32", "F16", "BF16", "Q4_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "Q3_K", "IQ4_XS"})
    public String type = "";

    @Param({"1", "64"})
    public int tokens;

    @Param({"1"})
    public int threads;

    private final float[] x = new float[64 * SIDE];

    @SuppressWarnings("NullAway.Init")
    private Kernels operations;

    @SuppressWarnings("NullAway.Init")
    private Tensor weight;

    /** Counts beside operations. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Volume {
        public double gigaflops;
        public double gigaweights;
    }

    @Setup
    public void allocate() {
        System.setProperty("snoozy.kernels", kernels);
        operations = Kernels.create(threads, Precision.EIGHT_BIT);
        TensorType format = TensorType.valueOf(type);
        Random random = new Random(1);
        byte[] bytes = new byte[Math.toIntExact(format.bytes((long) SIDE * SIDE))];
        random.nextBytes(bytes);
        MemorySegment blocks = Arena.ofAuto().allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, blocks, ValueLayout.JAVA_BYTE, 0, bytes.length);
        weight = operations.weight(format, new long[] {SIDE, SIDE}, blocks);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
    }

    @TearDown
    public void close() {
        operations.close();
    }

    @Benchmark
    public Tensor linear(Volume volume) {
        operations.recycle();
        volume.gigaflops += 2e-9 * SIDE * SIDE * tokens;
        volume.gigaweights += 1e-9 * SIDE * SIDE;
        return operations.linear(operations.upload(x, tokens, SIDE), weight, null);
    }
}
