package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A random model of any known architecture: its code is asked which tensors it takes. The matrices
 * of layers are Q8_0, so that products go the way of quantized weights.
 */
final class RandomModels {
    static final int CONTEXT = 256;
    static final int VOCABULARY = 256;

    private static final int LAYERS = 8;
    private static final int EMBEDDING = 64;
    private static final int BLOCK = 32;
    private static final float LARGEST_CODE = 127;

    /** Those with experts whose names do not say so. */
    private static final List<String> MIXTURES =
            List.of(
                    "dots1",
                    "gemma4",
                    "gpt-oss",
                    "grok",
                    "jamba",
                    "llama4",
                    "minimax-m2",
                    "qwen3next");

    private RandomModels() {}

    /** The keys that some architecture needs, and a few that let it do what it can. */
    static Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("context_length", CONTEXT);
        keys.put("embedding_length", EMBEDDING);
        keys.put("block_count", LAYERS);
        keys.put("feed_forward_length", 96);
        keys.put("attention.head_count", 4);
        keys.put("attention.layer_norm_rms_epsilon", 1e-5f);
        keys.put("attention.layer_norm_epsilon", 1e-5f);
        keys.put("attention.sliding_window", 40);
        keys.put("ssm.inner_size", 128);
        keys.put("ssm.state_size", 16);
        keys.put("ssm.time_step_rank", 4);
        keys.put("ssm.group_count", 2);
        keys.put("ssm.conv_kernel", 4);
        keys.put("shortconv.l_cache", 3);
        return keys;
    }

    /** Those that an architecture asks for, of the keys that few do. */
    static Map<String, Object> keys(String architecture) {
        Map<String, Object> keys = keys();
        if (isMixture(architecture)) {
            keys.put("expert_count", 4);
            keys.put("expert_used_count", 2);
            keys.put("expert_feed_forward_length", 32);
            keys.put("leading_dense_block_count", 1);
        }
        switch (architecture) {
            case "deepseek2" -> {
                keys.put("attention.kv_lora_rank", 32);
                keys.put("attention.q_lora_rank", 32);
                keys.put("attention.key_length", 24);
                keys.put("attention.value_length", 16);
                keys.put("rope.dimension_count", 8);
            }
            case "lfm2", "lfm2moe", "granitehybrid", "jamba" ->
                    keys.put("attention.head_count_kv", new int[] {0, 2, 0, 0, 0, 2, 0, 0});
            case "nemotron_h", "nemotron_h_moe" -> {
                keys.put("attention.head_count_kv", new int[] {0, 0, 2, 0, 0, 0, 2, 0});
                keys.put("feed_forward_length", new int[] {0, 96, 0, 0, 96, 96, 0, 0});
            }
            case "gemma3n" -> {
                keys.put("embedding_length_per_layer_input", 16);
                keys.put("attention.shared_kv_layers", 2);
                keys.put("attention.head_count_kv", 2);
            }
            case "qwen3next" -> {
                keys.put("ssm.inner_size", 64);
                keys.put("attention.head_count_kv", 2);
            }
            case "apertus" -> {
                keys.put("xielu.alpha_p", 0.4f);
                keys.put("xielu.alpha_n", 0.3f);
                keys.put("xielu.beta", 0.5f);
                keys.put("xielu.eps", -1e-6f);
                keys.put("attention.head_count_kv", 2);
            }
            default -> {
                if (sharesHeads(architecture, keys)) {
                    keys.put("attention.head_count_kv", 2);
                }
            }
        }
        Metadata metadata = metadata(architecture, keys);
        ModelConfig config = ModelConfig.of(metadata, 0);
        asked(metadata, config);
        keys.keySet().removeIf(key -> isRare(key) && !config.asked().contains(key));
        return keys;
    }

    private static boolean isMixture(String architecture) {
        return architecture.contains("moe")
                || architecture.startsWith("deepseek")
                || MIXTURES.contains(architecture);
    }

    private static boolean sharesHeads(String architecture, Map<String, Object> keys) {
        Map<String, Object> shared = new LinkedHashMap<>(keys);
        shared.put("attention.head_count_kv", 2);
        try {
            Metadata metadata = metadata(architecture, shared);
            asked(metadata, ModelConfig.of(metadata, 0));
            return true;
        } catch (ModelException e) { // each head has keys of its own
            return false;
        }
    }

    private static boolean isRare(String key) {
        return key.equals("attention.sliding_window")
                || key.equals("leading_dense_block_count")
                || key.startsWith("ssm.")
                || key.startsWith("shortconv.");
    }

    static Metadata metadata(String architecture, Map<String, Object> keys) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("general.architecture", architecture);
        keys.forEach((key, value) ->
                all.put(key.startsWith("xielu.") ? key : architecture + "." + key, value));
        return new Metadata(all);
    }

    static Family family(String name) {
        return Objects.requireNonNull(Families.ALL.get(name), name);
    }

    /** A file without tensors. */
    static GgufFile empty(Metadata metadata) {
        return GgufFile.of(
                GgufWriter.bytes(
                        metadata,
                        List.of(),
                        tensor -> {
                            throw new IllegalStateException("there is no tensor");
                        }));
    }

    /** What the code of an architecture asks for, of a file that has no tensors. */
    static Weights asked(Metadata metadata, ModelConfig config) {
        Weights weights = new Weights(empty(metadata), null);
        family(config.architecture()).network().apply(config, weights).cachePlan();
        return weights;
    }

    /** A file with all tensors that the architecture needs. */
    static GgufFile file(String architecture) {
        return file(metadata(architecture, keys(architecture)));
    }

    static GgufFile file(Metadata metadata) {
        return file(metadata, List.of());
    }

    /** The same with more tensors behind, which change none of the others. */
    static GgufFile file(Metadata metadata, List<TensorInfo> more) {
        Weights asked = asked(metadata, ModelConfig.of(metadata, 0));
        List<TensorInfo> infos = new ArrayList<>();
        asked.needed()
                .forEach((name, shape) -> {
                    List<Long> dimensions = new ArrayList<>();
                    for (int i = shape.length - 1; i >= 0; i--) {
                        dimensions.add(shape[i]);
                    }
                    boolean blocks =
                            name.startsWith("blk.") && shape.length > 1 && shape[1] % BLOCK == 0;
                    infos.add(
                            TensorInfo.of(
                                    name, blocks ? TensorType.Q8_0 : TensorType.F32, dimensions));
                });
        infos.addAll(more);
        Random random = new Random(7);
        return GgufFile.of(GgufWriter.bytes(metadata, infos, tensor -> values(tensor, random)));
    }

    private static MemorySegment values(TensorInfo tensor, Random random) {
        ByteBuffer data = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        boolean vector = tensor.shape().size() == 1;
        double spread = vector ? 0.1 : 1.2 / Math.sqrt(tensor.shape().getFirst());
        if (tensor.type() == TensorType.Q8_0) {
            for (long block = 0; block < tensor.elements() / BLOCK; block++) {
                data.putShort(Float.floatToFloat16((float) (3 * spread / LARGEST_CODE)));
                for (int i = 0; i < BLOCK; i++) {
                    double code = Math.clamp(random.nextGaussian() / 3, -1, 1) * LARGEST_CODE;
                    data.put((byte) Math.rint(code));
                }
            }
        } else {
            for (long i = 0; i < tensor.elements(); i++) {
                double value = (vector ? 1 : 0) + spread * random.nextGaussian();
                boolean fades = tensor.name().endsWith("ssm_a"); // a state that grows has no end
                data.putFloat((float) (fades ? -Math.abs(value) : value));
            }
        }
        return MemorySegment.ofBuffer(data.flip());
    }
}
