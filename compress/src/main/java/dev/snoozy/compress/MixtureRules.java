package dev.snoozy.compress;

import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules of the mixtures, as llama.cpp's quantizer of September 2026 decides: values and the
 * second half of the feed-forward network matter most, the first and last layers more than those
 * between, the output more than all.
 *
 * <p>Some rules count tensors of a kind in the order of layers; so an object is for one model.
 */
final class MixtureRules {
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\..*");
    private static final int MIXTRAL = 8;

    /** By layer, what belongs to none first, then by name: the order of the reference's files. */
    static final Comparator<TensorInfo> ORDER =
            Comparator.comparingInt((TensorInfo t) -> layer(t.name()))
                    .thenComparing(TensorInfo::name);

    private final Mixture mixture;
    private final String name;
    private final TensorType base;
    private final ModelShape shape;
    private final boolean importance;

    private boolean tied;
    private int values;
    private int value;
    private int down;
    private int gate;
    private int up;

    MixtureRules(Mixture mixture, ModelShape shape, boolean importance) {
        this.mixture = mixture;
        this.name = mixture.name();
        this.base = mixture.base();
        this.shape = shape;
        this.importance = importance;
    }

    /** What a tensor does, as far as it matters here. */
    private enum Role {
        OUTPUT,
        EMBEDDING,
        QUERY,
        KEY,
        /** Values, or what holds them among others. */
        VALUE,
        ATTENTION_OUTPUT,
        UP,
        GATE,
        DOWN,
        OTHER;

        static Role of(String tensor) {
            if (tensor.equals("output.weight")) {
                return OUTPUT;
            }
            if (tensor.equals("token_embd.weight")
                    || tensor.equals("per_layer_token_embd.weight")) {
                return EMBEDDING;
            }
            if (tensor.contains("attn_qkv.weight")
                    || tensor.contains("attn_kv_b.weight")
                    || tensor.contains("attn_v.weight")) {
                return VALUE;
            }
            if (tensor.contains("attn_k.weight")) {
                return KEY;
            }
            if (tensor.contains("attn_q.weight")) {
                return QUERY;
            }
            if (tensor.contains("attn_output.weight")) {
                return ATTENTION_OUTPUT;
            }
            if (tensor.contains("ffn_up")) {
                return UP;
            }
            if (tensor.contains("ffn_gate")) {
                return GATE;
            }
            return tensor.contains("ffn_down") ? DOWN : OTHER;
        }
    }

    /** The types by name, whether or not rows are whole blocks of them. */
    Map<String, TensorType> types(List<TensorInfo> tensors) {
        List<TensorInfo> ordered = tensors.stream().sorted(ORDER).toList();
        tied = ordered.stream().noneMatch(t -> Role.of(t.name()) == Role.OUTPUT);
        values = (int) ordered.stream().filter(t -> Role.of(t.name()) == Role.VALUE).count();
        Map<String, TensorType> types = new LinkedHashMap<>();
        for (TensorInfo tensor : ordered) {
            types.put(tensor.name(), KeptTensors.quantizes(tensor) ? type(tensor) : tensor.type());
        }
        return types;
    }

    private TensorType type(TensorInfo tensor) {
        return mixture.mixed() ? wanted(tensor) : base;
    }

    private TensorType wanted(TensorInfo tensor) {
        Role role = Role.of(tensor.name());
        if (role == Role.OUTPUT || tied && role == Role.EMBEDDING) {
            return output(tensor.shape().getFirst());
        }
        if (name.equals("MXFP4_MOE")) {
            boolean experts = tensor.shape().size() > 2 && tensor.shape().get(2) > 1;
            return experts ? base : TensorType.Q8_0;
        }
        if (role == Role.EMBEDDING) {
            return embedding();
        }
        if (isBelowThreeBits()) {
            return few(role);
        }
        return switch (role) {
            case VALUE -> value(tensor.name().contains("attn_v.weight"));
            case KEY ->
                    isMixtral() ? TensorType.Q8_0 : named("IQ3_XS", TensorType.IQ3_XXS, query());
            case QUERY -> named("IQ3_XS", TensorType.IQ3_XXS, query());
            case DOWN -> down(layerOf(tensor, down++));
            case ATTENTION_OUTPUT -> attentionOutput();
            case GATE -> middle(layerOf(tensor, gate++));
            case UP -> middle(layerOf(tensor, up++));
            default -> base;
        };
    }

    private TensorType output(long row) {
        if (name.equals("MXFP4_MOE") || shape.isFalcon() || row % base.blockSize() != 0) {
            return TensorType.Q8_0;
        }
        if (isBelowThreeBits() || name.equals("IQ3_XXS")) {
            return TensorType.Q5_K;
        }
        return base == TensorType.Q8_0 ? TensorType.Q8_0 : TensorType.Q6_K;
    }

    private TensorType embedding() {
        return switch (name) {
            case "IQ2_XXS", "IQ2_XS", "IQ1_S", "IQ1_M" -> TensorType.Q2_K;
            case "IQ2_S", "IQ2_M", "IQ3_XXS" -> TensorType.IQ3_S;
            case "TQ1_0", "TQ2_0" -> TensorType.Q4_K;
            default -> base;
        };
    }

    private boolean isBelowThreeBits() {
        return name.startsWith("IQ2_") || name.startsWith("IQ1_");
    }

    /** The mixtures of IQ2 and IQ1. */
    private TensorType few(Role role) {
        boolean larger = name.equals("IQ2_S") || name.equals("IQ2_M");
        TensorType more = larger ? TensorType.IQ3_S : TensorType.Q2_K;
        return switch (role) {
            case VALUE -> shape.sharing() >= 4 || shape.experts() >= 4 ? TensorType.Q4_K : more;
            case KEY -> isMixtral() ? TensorType.Q4_K : base;
            case DOWN -> down++ < shape.layers() / 8 ? more : base;
            case ATTENTION_OUTPUT -> {
                if (isMixtral()) {
                    yield TensorType.Q5_K;
                }
                yield larger
                        ? TensorType.IQ3_S
                        : name.startsWith("IQ1_") ? TensorType.IQ2_XXS : base;
            }
            default -> base;
        };
    }

    /**
     * The type of values.
     *
     * @param alone whether the tensor holds nothing else; for IQ3_XS no later reading is known than
     *     one that told this apart
     */
    private TensorType value(boolean alone) {
        int i = value++;
        boolean shared = shape.sharing() >= 4;
        TensorType type =
                switch (name) {
                    case "Q2_K" -> shared ? TensorType.Q4_K : TensorType.Q3_K;
                    case "Q2_K_S", "IQ3_S" -> shared ? TensorType.Q4_K : base;
                    case "IQ3_XS" -> shared && alone ? TensorType.Q4_K : base;
                    case "IQ3_XXS" ->
                            shared ? TensorType.Q4_K : importance ? base : TensorType.IQ3_S;
                    case "IQ3_M" -> TensorType.Q4_K;
                    case "Q3_K_M" -> i < 2 ? TensorType.Q5_K : TensorType.Q4_K;
                    case "Q3_K_L" -> TensorType.Q5_K;
                    case "IQ4_NL", "IQ4_XS" -> shared ? TensorType.Q5_K : base;
                    case "Q4_K_M", "Q5_K_M" -> moreBits(i, values) ? TensorType.Q6_K : base;
                    case "Q4_K_S" -> i < 4 ? TensorType.Q5_K : base;
                    default -> base;
                };
        if (isMixtral()) {
            return TensorType.Q8_0;
        }
        // 70B models share each value among eight heads, so more bits for it cost little.
        boolean small = type == TensorType.Q3_K || type == TensorType.Q4_K;
        return small && shape.is70B() ? TensorType.Q5_K : type;
    }

    private TensorType query() {
        return named("IQ3_XXS", TensorType.IQ2_S, base);
    }

    private TensorType named(String mixture, TensorType type, TensorType otherwise) {
        return name.equals(mixture) ? type : otherwise;
    }

    private TensorType down(int i) {
        int layers = shape.layers();
        boolean first = i < layers / 8;
        boolean more = moreBits(i, layers);
        return switch (name) {
            case "Q2_K" -> TensorType.Q3_K;
            case "Q2_K_S" -> first ? TensorType.Q4_K : base;
            case "IQ3_XXS" -> importance ? base : first ? TensorType.Q4_K : TensorType.Q3_K;
            case "IQ3_M" -> first || isMixtral() && more ? TensorType.Q4_K : base;
            case "Q3_K_M" -> {
                if (i < layers / 16) {
                    yield TensorType.Q5_K;
                }
                yield !shape.isFalcon() || more ? TensorType.Q4_K : base;
            }
            case "Q3_K_L" -> shape.isFalcon() ? TensorType.Q4_K : TensorType.Q5_K;
            case "Q4_K_M" -> {
                if (!shape.isFalcon()) {
                    yield more ? TensorType.Q6_K : base;
                }
                yield i < layers / 16 ? TensorType.Q6_K : more ? TensorType.Q5_K : base;
            }
            case "Q4_K_S" -> first && !shape.isFalcon() ? TensorType.Q5_K : base;
            case "Q5_K_M" -> more ? TensorType.Q6_K : base;
            case "IQ4_NL", "IQ4_XS" -> first && !importance ? TensorType.Q5_K : base;
            // The first of these go astray under an importance matrix, and worse without one.
            case "Q4_0" -> first && importance ? TensorType.Q4_1 : base;
            case "Q5_0" -> first && importance ? TensorType.Q5_1 : base;
            default -> base;
        };
    }

    private TensorType attentionOutput() {
        if (shape.isFalcon()) {
            return named("Q3_K_L", TensorType.Q4_K, base);
        }
        if (isMixtral()) {
            return switch (name) {
                case "Q2_K",
                        "IQ3_XS",
                        "IQ3_XXS",
                        "Q3_K_S",
                        "Q3_K_M",
                        "IQ4_NL",
                        "Q4_K_S",
                        "Q4_K_M",
                        "IQ3_S",
                        "IQ3_M",
                        "IQ4_XS" ->
                        TensorType.Q5_K;
                default -> base;
            };
        }
        return switch (name) {
            case "Q2_K" -> TensorType.Q3_K;
            case "IQ3_XXS" -> TensorType.IQ3_S;
            case "Q3_K_M", "IQ3_M" -> TensorType.Q4_K;
            case "Q3_K_L" -> TensorType.Q5_K;
            default -> base;
        };
    }

    /** The first half of the feed-forward network: fewer bits in the middle layers of IQ3_XS. */
    private TensorType middle(int i) {
        int layers = shape.layers();
        boolean between = i >= layers / 8 && i < 7 * layers / 8;
        return between ? named("IQ3_XS", TensorType.IQ3_XXS, base) : base;
    }

    /** The layer of a tensor of experts stands in its name; others are counted. */
    private int layerOf(TensorInfo tensor, int counted) {
        return shape.experts() > 1 ? layer(tensor.name()) : counted;
    }

    private boolean isMixtral() {
        return shape.experts() == MIXTRAL;
    }

    /** The first and last eighth of the layers, and every third between them. */
    private static boolean moreBits(int i, int layers) {
        int eighth = layers / 8;
        return i < eighth || i >= 7 * layers / 8 || (i - eighth) % 3 == 2;
    }

    /** The layer that a name tells, or -1. */
    private static int layer(String tensor) {
        Matcher layer = LAYER.matcher(tensor);
        if (!layer.matches() || layer.group(1).length() > 9) {
            return -1;
        }
        return Integer.parseInt(layer.group(1));
    }
}
