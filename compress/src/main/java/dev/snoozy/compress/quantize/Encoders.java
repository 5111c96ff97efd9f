package dev.snoozy.compress.quantize;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The encoders by type. */
public final class Encoders {
    private static final Map<TensorType, Supplier<BlockEncoder>> ENCODERS =
            new EnumMap<>(TensorType.class);

    static {
        ENCODERS.put(TensorType.F32, () -> new FloatEncoder(TensorType.F32));
        ENCODERS.put(TensorType.F16, () -> new FloatEncoder(TensorType.F16));
        ENCODERS.put(TensorType.BF16, () -> new FloatEncoder(TensorType.BF16));
        ENCODERS.put(TensorType.Q4_0, () -> new SignedEncoder(TensorType.Q4_0));
        ENCODERS.put(TensorType.Q5_0, () -> new SignedEncoder(TensorType.Q5_0));
        ENCODERS.put(TensorType.Q4_1, () -> new OffsetEncoder(TensorType.Q4_1));
        ENCODERS.put(TensorType.Q5_1, () -> new OffsetEncoder(TensorType.Q5_1));
        ENCODERS.put(TensorType.Q8_0, Q8Encoder::new);
        ENCODERS.put(TensorType.Q2_K, () -> new AffineKEncoder(TensorType.Q2_K));
        ENCODERS.put(TensorType.Q3_K, Q3KEncoder::new);
        ENCODERS.put(TensorType.Q4_K, () -> new AffineKEncoder(TensorType.Q4_K));
        ENCODERS.put(TensorType.Q5_K, () -> new AffineKEncoder(TensorType.Q5_K));
        ENCODERS.put(TensorType.Q6_K, Q6KEncoder::new);
        ENCODERS.put(TensorType.IQ4_NL, () -> new NonlinearEncoder(TensorType.IQ4_NL));
        ENCODERS.put(TensorType.IQ4_XS, () -> new NonlinearEncoder(TensorType.IQ4_XS));
        ENCODERS.put(TensorType.IQ3_XXS, () -> new LatticeEncoder(TensorType.IQ3_XXS));
        ENCODERS.put(TensorType.IQ3_S, () -> new LatticeEncoder(TensorType.IQ3_S));
        ENCODERS.put(TensorType.IQ2_XXS, () -> new LatticeEncoder(TensorType.IQ2_XXS));
        ENCODERS.put(TensorType.IQ2_XS, () -> new LatticeEncoder(TensorType.IQ2_XS));
        ENCODERS.put(TensorType.IQ2_S, () -> new LatticeEncoder(TensorType.IQ2_S));
        ENCODERS.put(TensorType.IQ1_S, () -> new Lattice1Encoder(TensorType.IQ1_S));
        ENCODERS.put(TensorType.IQ1_M, () -> new Lattice1Encoder(TensorType.IQ1_M));
        ENCODERS.put(TensorType.TQ1_0, () -> new TernaryEncoder(TensorType.TQ1_0));
        ENCODERS.put(TensorType.TQ2_0, () -> new TernaryEncoder(TensorType.TQ2_0));
        ENCODERS.put(TensorType.MXFP4, Mxfp4Encoder::new);
    }

    private Encoders() {}

    /** The types that can be written. */
    public static Set<TensorType> types() {
        return Set.copyOf(ENCODERS.keySet());
    }

    /**
     * A new encoder, for one thread.
     *
     * @throws FormatException if the type cannot be written
     */
    public static BlockEncoder of(TensorType type) {
        Supplier<BlockEncoder> encoder = ENCODERS.get(type);
        if (encoder == null) {
            throw new FormatException(
                    "found the tensor type %s, which cannot be written here, expected one of %s"
                            .formatted(type, ENCODERS.keySet()));
        }
        return encoder.get();
    }
}
