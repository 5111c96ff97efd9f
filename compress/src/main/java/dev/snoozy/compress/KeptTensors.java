package dev.snoozy.compress;

import dev.snoozy.format.TensorInfo;

import java.util.List;

/** Which tensors quantizers leave alone. */
final class KeptTensors {
    /** Parts of names: small tensors, convolutions, state-space and positional weights. */
    private static final List<String> PARTS =
            List.of(
                    "_norm.weight",
                    "ffn_gate_inp.weight",
                    "ffn_gate_tid2eid.weight",
                    "altup",
                    "laurel",
                    "per_layer_model_proj",
                    "ssm_conv1d",
                    "shortconv.conv.weight",
                    "indexer.k_proj.weight",
                    "indexer.q_proj.weight",
                    "time_mix_first.weight",
                    "time_mix_w0.weight",
                    "time_mix_w1.weight",
                    "time_mix_w2.weight",
                    "time_mix_v0.weight",
                    "time_mix_v1.weight",
                    "time_mix_v2.weight",
                    "time_mix_a0.weight",
                    "time_mix_a1.weight",
                    "time_mix_a2.weight",
                    "time_mix_g1.weight",
                    "time_mix_g2.weight",
                    "time_mix_decay_w1.weight",
                    "time_mix_decay_w2.weight",
                    "time_mix_lerp_fused.weight",
                    "attn_rel_b.weight",
                    ".position_embd",
                    "sam.pos_embd",
                    "sam.neck.",
                    "sam.net_",
                    ".rel_pos",
                    ".patch_embd",
                    ".patch_merger",
                    "a.rvq.codebook",
                    "mm.a.code_embd");

    private static final List<String> NAMES = List.of("position_embd.weight", "token_types.weight");

    private KeptTensors() {}

    static boolean quantizes(TensorInfo tensor) {
        String name = tensor.name();
        return dimensions(tensor) >= 2
                && name.endsWith("weight")
                && PARTS.stream().noneMatch(name::contains)
                && !NAMES.contains(name);
    }

    /** How many dimensions there are without those of 1 at the end. */
    private static int dimensions(TensorInfo tensor) {
        int count = tensor.shape().size();
        while (count > 1 && tensor.shape().get(count - 1) == 1) {
            count--;
        }
        return count;
    }
}
