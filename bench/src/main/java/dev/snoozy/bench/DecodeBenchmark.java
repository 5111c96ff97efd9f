package dev.snoozy.bench;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How fast the scalar codecs decode a row of 4096 elements. */
@State(Scope.Benchmark)
public class DecodeBenchmark {
    private static final int ELEMENTS = 4096;

    @Param({
        "F32", "F16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
        "Q6_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS",
        "IQ1_M", "BF16", "TQ1_0", "TQ2_0", "MXFP4"
    })
    public String type = "";

    private BlockCodec codec = BlockCodec.of(TensorType.F32);
    private MemorySegment blocks = MemorySegment.NULL;
    private final float[] row = new float[ELEMENTS];

    @Setup
    public void allocate() {
        codec = BlockCodec.of(TensorType.valueOf(type));
        blocks = Arena.ofAuto().allocate(codec.type().bytes(ELEMENTS), 64);
    }

    @Benchmark
    public float[] decode() {
        codec.decode(blocks, 0, row, 0, ELEMENTS);
        return row;
    }
}
