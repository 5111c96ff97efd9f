package dev.snoozy.kernels.machine.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.code.PlainExp;
import dev.snoozy.kernels.system.GuardedMemory;
import dev.snoozy.kernels.system.GuardedMemory.Edge;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

@ParameterizedClass
@EnumSource(Isa.class)
class GateCodeTest {
    private final Isa isa;

    GateCodeTest(Isa isa) {
        this.isa = isa;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyStepIsThatOfPlainJava(Activation activation) {
        String obstacle = isa.obstacle();
        assumeTrue(obstacle == null, () -> "no " + isa + " here: " + obstacle);
        float[] special = {
            0,
            -0f,
            90,
            -90,
            1e4f,
            -1e4f,
            1e-30f,
            Float.NaN,
            88,
            -88,
            30,
            -30,
            1e38f,
            -1e38f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY
        };
        for (int vectors : new int[] {1, 2, 3, 64}) {
            for (Edge edge : Edge.values()) {
                float[] gate = values(16 * vectors, 1);
                float[] up = values(16 * vectors, 2);
                System.arraycopy(special, 0, gate, 0, special.length);
                float[] found = gated(activation, gate, up, edge);
                for (int i = 0; i < gate.length; i++) {
                    float expected =
                            switch (activation) {
                                case SILU -> silu(gate[i], up[i]);
                                case GELU_TANH -> gelu(gate[i], up[i]);
                                case RELU_SQUARED -> squared(gate[i]) * up[i];
                            };
                    assertThat(Float.floatToIntBits(found[i]))
                            .as("%s of %s", activation, gate[i])
                            .isEqualTo(Float.floatToIntBits(expected));
                }
            }
        }
    }

    private static float squared(float x) {
        float positive = Math.max(x, 0);
        return positive * positive;
    }

    private float[] gated(Activation activation, float[] gate, float[] up, Edge edge) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment g = GuardedMemory.copy(MemorySegment.ofArray(gate), edge, arena);
            MemorySegment u = GuardedMemory.copy(MemorySegment.ofArray(up), edge, arena);
            MemorySegment out = new GuardedMemory(g.byteSize(), arena).of(g.byteSize(), edge);
            MemorySegment constants =
                    GuardedMemory.copy(MemorySegment.ofArray(GateCode.constants()), edge, arena);
            ParameterBlock block = new ParameterBlock(ProductParameter.BYTES, arena);
            block.set(ProductParameter.WEIGHT.offset(), g.address());
            block.set(ProductParameter.ACTIVATIONS.offset(), u.address());
            block.set(ProductParameter.OUT.offset(), out.address());
            block.set(ProductParameter.COUNT.offset(), gate.length / 16);
            block.set(ProductParameter.CONSTANTS.offset(), constants.address());
            byte[] code = GateCode.write(isa, activation);
            block.call(Kernel.install(code, arena));
            return out.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    // ---- the gates in plain Java, step by step as the machine code

    private static float silu(float x, float up) {
        return gate(x, x, up);
    }

    private static float gelu(float x, float up) {
        float[] constants = GateCode.constants();
        int own = ExpCode.constants().length;
        float cube = Math.fma(x * x, constants[own + 1], constants[own + 3]);
        return gate(x, cube * x * constants[own + 2], up);
    }

    private static float gate(float x, float z, float up) {
        float most = -ExpCode.LOWEST;
        float limited = 0 - z < most || Float.isNaN(z) ? 0 - z : most;
        return x / (PlainExp.exp(limited) + 1) * up;
    }

    private static float[] values(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (4 * random.nextGaussian());
        }
        return values;
    }
}
