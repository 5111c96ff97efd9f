package dev.snoozy.compress;

import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which type each matrix of a model gets: one for all, or, as llama.cpp's quantizer mixes them,
 * more bits where they matter most.
 *
 * @param name what the user calls it
 * @param base the type of most matrices
 * @param fileType its number in {@code general.file_type}
 * @param mixed whether some matrices get another
 */
public record Mixture(String name, TensorType base, int fileType, boolean mixed) {
    private static final List<Mixture> ALL =
            List.of(
                    plain(TensorType.F32, 0),
                    plain(TensorType.F16, 1),
                    plain(TensorType.BF16, 32),
                    mixed("Q8_0", TensorType.Q8_0, 7),
                    mixed("Q6_K", TensorType.Q6_K, 18),
                    mixed("Q5_K_S", TensorType.Q5_K, 16),
                    mixed("Q5_K_M", TensorType.Q5_K, 17),
                    plain(TensorType.Q5_K, 17),
                    mixed("Q5_1", TensorType.Q5_1, 9),
                    mixed("Q5_0", TensorType.Q5_0, 8),
                    mixed("Q4_K_S", TensorType.Q4_K, 14),
                    mixed("Q4_K_M", TensorType.Q4_K, 15),
                    plain(TensorType.Q4_K, 15),
                    mixed("Q4_1", TensorType.Q4_1, 3),
                    mixed("Q4_0", TensorType.Q4_0, 2),
                    mixed("IQ4_NL", TensorType.IQ4_NL, 25),
                    mixed("IQ4_XS", TensorType.IQ4_XS, 30),
                    mixed("Q3_K_S", TensorType.Q3_K, 11),
                    mixed("Q3_K_M", TensorType.Q3_K, 12),
                    mixed("Q3_K_L", TensorType.Q3_K, 13),
                    plain(TensorType.Q3_K, 12),
                    mixed("IQ3_M", TensorType.IQ3_S, 27),
                    mixed("IQ3_S", TensorType.IQ3_S, 26),
                    mixed("IQ3_XS", TensorType.IQ3_S, 22),
                    mixed("IQ3_XXS", TensorType.IQ3_XXS, 23),
                    mixed("Q2_K", TensorType.Q2_K, 10),
                    mixed("Q2_K_S", TensorType.Q2_K, 21),
                    mixed("IQ2_M", TensorType.IQ2_S, 29),
                    mixed("IQ2_S", TensorType.IQ2_XS, 28),
                    mixed("IQ2_XS", TensorType.IQ2_XS, 20),
                    mixed("IQ2_XXS", TensorType.IQ2_XXS, 19),
                    mixed("IQ1_M", TensorType.IQ1_M, 31),
                    mixed("IQ1_S", TensorType.IQ1_S, 24),
                    mixed("TQ2_0", TensorType.TQ2_0, 37),
                    mixed("TQ1_0", TensorType.TQ1_0, 36),
                    mixed("MXFP4_MOE", TensorType.MXFP4, 38),
                    plain(TensorType.MXFP4, 38));

    private static Mixture mixed(String name, TensorType base, int fileType) {
        return new Mixture(name, base, fileType, true);
    }

    private static Mixture plain(TensorType type, int fileType) {
        return new Mixture(type.name(), type, fileType, false);
    }

    /** All that can be asked for. */
    public static List<Mixture> all() {
        return ALL;
    }

    /** The one of that name, whatever the case of its letters. */
    public static Optional<Mixture> of(String name) {
        return ALL.stream().filter(m -> m.name.equalsIgnoreCase(name)).findFirst();
    }

    /** Whether a number format has that name too. */
    public boolean isNamedAfterType() {
        return Stream.of(TensorType.values()).anyMatch(t -> t.name().equals(name));
    }

    /** The same for all matrices: the number format of that name if there is one, else the base. */
    public Mixture pure() {
        TensorType type = isNamedAfterType() ? TensorType.valueOf(name) : base;
        return new Mixture(name, type, fileType, false);
    }

    /**
     * The types of all tensors of a model. Those that quantizers leave alone keep theirs.
     *
     * @param tensors as they are
     * @param importance whether an importance matrix is at hand: some choices depend on it
     * @return by name
     */
    public Map<String, TensorType> types(
            List<TensorInfo> tensors, ModelShape shape, boolean importance) {
        Map<String, TensorType> types = new MixtureRules(this, shape, importance).types(tensors);
        for (TensorInfo tensor : tensors) {
            if (quantizes(tensor)) {
                long row = tensor.shape().getFirst();
                types.computeIfPresent(tensor.name(), (name, type) -> fitting(type, row));
            }
        }
        return types;
    }

    /**
     * Whether a tensor may be quantized: a matrix (or several) of weights, not a norm, not the
     * router of experts, not one of the small ones that the reference leaves alone.
     */
    public static boolean quantizes(TensorInfo tensor) {
        return KeptTensors.quantizes(tensor);
    }

    /**
     * The type, or one with smaller blocks where a row is no whole number of its blocks.
     *
     * @param row elements of a row
     */
    public static TensorType fitting(TensorType type, long row) {
        if (row % type.blockSize() == 0) {
            return type;
        }
        TensorType smaller =
                switch (type) {
                    case Q2_K, Q3_K, TQ1_0, TQ2_0 -> TensorType.Q4_0;
                    case Q4_K -> TensorType.Q5_0;
                    case Q5_K -> TensorType.Q5_1;
                    case Q6_K -> TensorType.Q8_0;
                    default -> TensorType.IQ4_NL;
                };
        return row % smaller.blockSize() == 0 ? smaller : TensorType.F16;
    }
}
