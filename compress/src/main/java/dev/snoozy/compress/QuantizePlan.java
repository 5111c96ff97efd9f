package dev.snoozy.compress;

import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.compress.quantize.Encoders;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model's tensors become.
 *
 * @param choices in the order in which they are written: that of the reference's files, by layer
 *     and then by name
 */
public record QuantizePlan(List<Choice> choices) {
    /** Types that say little without an importance matrix, or nothing at all. */
    private static final Set<TensorType> NEEDING_IMPORTANCE =
            Set.of(
                    TensorType.IQ3_XXS,
                    TensorType.IQ2_XXS,
                    TensorType.IQ2_XS,
                    TensorType.IQ2_S,
                    TensorType.IQ1_M,
                    TensorType.IQ1_S);

    public QuantizePlan {
        choices = List.copyOf(choices);
    }

    /**
     * What one tensor becomes.
     *
     * @param source as it is
     * @param target as it will be
     * @param note what is remarkable about it, empty if nothing is
     */
    public record Choice(TensorInfo source, TensorInfo target, String note) {
        /** Whether the data stays as it is. */
        public boolean isCopy() {
            return source.type() == target.type();
        }
    }

    /**
     * Makes a plan.
     *
     * @throws FormatException if an override fits no tensor, or a tensor would get a type that it
     *     cannot have
     */
    public static QuantizePlan of(
            List<TensorInfo> tensors, ModelShape shape, QuantizeOptions options) {
        Mixture mixture = options.mixture();
        boolean importance = options.importance() != null;
        Map<String, TensorType> types = new MixtureRules(mixture, shape, importance).types(tensors);
        boolean[] used = new boolean[options.overrides().size()];
        List<Choice> choices = new ArrayList<>();
        for (TensorInfo tensor : tensors.stream().sorted(MixtureRules.ORDER).toList()) {
            TensorType wanted = types.getOrDefault(tensor.name(), tensor.type());
            choices.add(choice(tensor, wanted, options, used));
        }
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                throw new FormatException(
                        "the pattern %s fits no tensor that is quantized; cure: see the names with snoozy show --tensors"
                                .formatted(options.overrides().get(i).pattern()));
            }
        }
        return new QuantizePlan(choices);
    }

    private static Choice choice(
            TensorInfo tensor, TensorType mixed, QuantizeOptions options, boolean[] used) {
        if (!Mixture.quantizes(tensor)) {
            return new Choice(tensor, tensor, "");
        }
        TensorType wanted = mixed;
        for (int i = used.length - 1; i >= 0; i--) {
            QuantizeOptions.Override override = options.overrides().get(i);
            if (override.pattern().matcher(tensor.name()).find()) {
                used[i] = true;
                wanted = override.type();
            }
        }
        long row = tensor.shape().getFirst();
        TensorType type = Mixture.fitting(wanted, row);
        String note = "";
        if (type != wanted) {
            note = "rows of %d are no whole blocks of %s".formatted(row, wanted);
        } else if (lacksImportance(tensor, type, options)) {
            note = "its importance is not known";
        }
        return new Choice(tensor, TensorInfo.of(tensor.name(), type, tensor.shape()), note);
    }

    /** Whether a tensor is missing in the importance matrix; the embeddings are in none. */
    private static boolean lacksImportance(
            TensorInfo tensor, TensorType type, QuantizeOptions options) {
        return options.importance() != null
                && type.blockSize() > 1
                && !tensor.name().equals("token_embd.weight")
                && !tensor.name().equals("output.weight")
                && importance(options.importance(), tensor) == null;
    }

    /** Refuses what cannot be done, naming the tensor; {@code options} are those of the plan. */
    void check(QuantizeOptions options) {
        for (Choice choice : choices) {
            if (!choice.isCopy()) {
                check(choice, options);
            }
        }
    }

    private static void check(Choice choice, QuantizeOptions options) {
        TensorInfo source = choice.source();
        TensorType type = choice.target().type();
        Encoders.of(type);
        if (!isDecodable(source.type())) {
            throw new FormatException(
                    "tensor %s: found %s, which cannot be read as numbers here, expected floats"
                            .formatted(source.name(), source.type()));
        }
        boolean quantized = source.type().blockSize() > 1;
        if (quantized && !options.allowRequantize()) {
            throw new FormatException(
                    "tensor %s: found %s, expected floats: quantizing twice loses more than quantizing once; cure: start from the F16 or F32 model, or --allow-requantize"
                            .formatted(source.name(), source.type()));
        }
        float[] importance = importance(options.importance(), source);
        if (importance == null && needsImportance(source.name(), type, options.mixture())) {
            throw new FormatException(
                    "tensor %s: %s needs an importance matrix, and there is none for it; cure: --imatrix FILE (made by snoozy imatrix), or a type of more bits, for this tensor alone with --tensor-type"
                            .formatted(source.name(), type));
        }
    }

    private static boolean isDecodable(TensorType type) {
        try {
            BlockCodec.of(type);
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    private static boolean needsImportance(String name, TensorType type, Mixture mixture) {
        boolean embedding = name.equals("token_embd.weight") || name.equals("output.weight");
        return NEEDING_IMPORTANCE.contains(type)
                || type == TensorType.Q2_K && mixture.name().equals("Q2_K_S") && !embedding;
    }

    /**
     * The importance of the columns of a tensor, null if nothing is known.
     *
     * @throws FormatException if it is that of another shape
     */
    static float @Nullable [] importance(@Nullable ImportanceMatrix matrix, TensorInfo tensor) {
        float[] values = matrix == null ? null : matrix.values().get(tensor.name());
        if (values == null) {
            return null;
        }
        long expected = tensor.shape().getFirst();
        if (tensor.shape().size() > 2) {
            expected *= tensor.shape().get(2);
        }
        if (values.length == expected) {
            return values;
        }
        if (tensor.name().equals("token_embd.weight")) {
            return null; // rows are looked up, not multiplied: what is there is of the output
        }
        throw new FormatException(
                "tensor %s: expected the importance of %d columns, found that of %d; cure: an importance matrix of this model"
                        .formatted(tensor.name(), expected, values.length));
    }

    /** Bytes of all tensors as they are. */
    public long sourceBytes() {
        return choices.stream().mapToLong(c -> c.source().bytes()).sum();
    }

    /** Bytes of all tensors as they will be. */
    public long targetBytes() {
        return choices.stream().mapToLong(c -> c.target().bytes()).sum();
    }

    /** Elements of all tensors. */
    public long elements() {
        return choices.stream().mapToLong(c -> c.source().elements()).sum();
    }

    /** Bits of a weight on average, as they will be. */
    public double bitsPerWeight() {
        return 8.0 * targetBytes() / Math.max(1, elements());
    }
}
