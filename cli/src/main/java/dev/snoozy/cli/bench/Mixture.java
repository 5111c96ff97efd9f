package dev.snoozy.cli.bench;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which type each matrix of a model gets: one for all, or, as llama.cpp's quantizer mixes them,
 * more bits where they matter most.
 *
 * @param name what the user calls it
 * @param base the type of most matrices
 * @param mixed whether some matrices get another
 */
record Mixture(String name, TensorType base, boolean mixed) {
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\..*");
    private static final int ROW_OF_K_QUANTS = 256;
    private static final int LAYERS_OF_70B = 80;
    private static final int EXPERTS_OF_MIXTRAL = 8;

    /** Q2_K is the mixture of that name, as it is for llama.cpp. */
    private static final List<Mixture> MIXTURES =
            List.of(
                    new Mixture("Q2_K", TensorType.Q2_K, true),
                    new Mixture("Q3_K_M", TensorType.Q3_K, true),
                    new Mixture("Q4_K_S", TensorType.Q4_K, true),
                    new Mixture("Q4_K_M", TensorType.Q4_K, true),
                    new Mixture("Q5_K_M", TensorType.Q5_K, true));

    /** All that can be asked for: the mixtures, then the types that can be decoded. */
    static List<Mixture> all() {
        List<Mixture> all = new ArrayList<>(MIXTURES);
        for (TensorType type : TensorType.values()) {
            if (hasCodec(type) && all.stream().noneMatch(m -> m.name.equals(type.name()))) {
                all.add(new Mixture(type.name(), type, false));
            }
        }
        return all;
    }

    /**
     * The mixture, or the single type, of that name.
     *
     * @throws WrongUseException if there is none, with the nearest names
     */
    static Mixture of(String name) {
        List<Mixture> all = all();
        return all.stream()
                .filter(m -> m.name.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new WrongUseException(
                                NearNames.unknown(
                                        "--type", name, all.stream().map(Mixture::name).toList())));
    }

    private static boolean hasCodec(TensorType type) {
        try {
            BlockCodec.of(type);
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    /**
     * The type of a matrix.
     *
     * @param tensor its name
     * @param row elements of a row
     * @param shape the model that it belongs to
     */
    TensorType type(String tensor, long row, Shape shape) {
        if (tensor.endsWith("ffn_gate_inp.weight")) {
            return TensorType.F32; // quantizers leave routers alone
        }
        return fitting(mixed ? wanted(tensor, row, shape) : base, row);
    }

    private TensorType wanted(String tensor, long row, Shape shape) {
        if (tensor.equals(shape.tied() ? "token_embd.weight" : "output.weight")) {
            return row % ROW_OF_K_QUANTS == 0 ? TensorType.Q6_K : TensorType.Q8_0;
        }
        Matcher layer = LAYER.matcher(tensor);
        if (!layer.matches()) {
            return base;
        }
        int i = Integer.parseInt(layer.group(1));
        boolean mixtral = shape.experts() == EXPERTS_OF_MIXTRAL;
        if (tensor.endsWith(".attn_v.weight")) {
            return mixtral ? TensorType.Q8_0 : values(i, shape);
        }
        if (tensor.endsWith(".attn_k.weight")) {
            return mixtral ? TensorType.Q8_0 : base;
        }
        if (tensor.endsWith(".attn_output.weight")) {
            return mixtral ? TensorType.Q5_K : attentionOutput();
        }
        return tensor.contains(".ffn_down") ? down(i, shape.layers()) : base;
    }

    private TensorType values(int i, Shape shape) {
        TensorType type =
                switch (name) {
                    case "Q2_K" ->
                            shape.heads() / shape.kvHeads() >= 4
                                    ? TensorType.Q4_K
                                    : TensorType.Q3_K;
                    case "Q3_K_M" -> i < 2 ? TensorType.Q5_K : TensorType.Q4_K;
                    case "Q4_K_S" -> i < 4 ? TensorType.Q5_K : base;
                    default -> moreBits(i, shape.layers()) ? TensorType.Q6_K : base;
                };
        // 70B models share each value among eight heads, so more bits for it cost little.
        boolean small = type == TensorType.Q3_K || type == TensorType.Q4_K;
        return small && shape.layers() == LAYERS_OF_70B ? TensorType.Q5_K : type;
    }

    private TensorType attentionOutput() {
        return switch (name) {
            case "Q2_K" -> TensorType.Q3_K;
            case "Q3_K_M" -> TensorType.Q4_K;
            default -> base;
        };
    }

    private TensorType down(int i, int layers) {
        return switch (name) {
            case "Q2_K" -> TensorType.Q3_K;
            case "Q3_K_M" -> i < layers / 16 ? TensorType.Q5_K : TensorType.Q4_K;
            case "Q4_K_S" -> i < layers / 8 ? TensorType.Q5_K : base;
            default -> moreBits(i, layers) ? TensorType.Q6_K : base;
        };
    }

    /** The first and last eighth of the layers, and every third between them. */
    private static boolean moreBits(int i, int layers) {
        int eighth = layers / 8;
        return i < eighth || i >= 7 * layers / 8 || (i - eighth) % 3 == 2;
    }

    /** The type, or one with smaller blocks where a row is no whole number of its blocks. */
    private static TensorType fitting(TensorType type, long row) {
        TensorType smaller =
                switch (type) {
                    case Q4_K -> TensorType.Q5_0;
                    case Q5_K -> TensorType.Q5_1;
                    case Q6_K -> TensorType.Q8_0;
                    case TQ1_0, TQ2_0 -> TensorType.Q4_0;
                    default -> TensorType.IQ4_NL;
                };
        return Stream.of(type, smaller)
                .filter(t -> row % t.blockSize() == 0)
                .findFirst()
                .orElse(TensorType.F16);
    }
}
