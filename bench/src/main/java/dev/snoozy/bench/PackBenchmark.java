package dev.snoozy.bench;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
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
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long a weight of 8192 × 8192 takes to pack, the memory for it included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PackBenchmark {
    private static final long[] SHAPE = {8192, 8192};

    @Param({
        "F16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
        "IQ4_NL", "IQ4_XS", "MXFP4", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS",
        "IQ3_S", "TQ1_0", "TQ2_0"
    })
    public String type = "";

    @Param({"1", "2"})
    public int threads;

    private MemorySegment blocks = MemorySegment.NULL;
    private Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT);
    private List<Tensor> weights = List.of();

    @Setup
    public void allocate() {
        long bytes = TensorType.valueOf(type).bytes(SHAPE[0] * SHAPE[1]);
        blocks = Arena.ofAuto().allocate(bytes, 64);
    }

    @Setup(Level.Invocation)
    public void create() {
        kernels.close();
        kernels = Kernels.create(threads, Precision.EIGHT_BIT);
        weights = List.of(kernels.weight(TensorType.valueOf(type), SHAPE, blocks));
    }

    @Benchmark
    public void pack() {
        kernels.pack(weights, bytes -> {});
    }

    @TearDown
    public void close() {
        kernels.close();
    }
}
