package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The same model as GGUF and as safetensors holds the same numbers. */
class SafetensorsGoldenTest {
    private static final int LAYERS = 5;

    /** Tensors of a layer that are the same in both; q and k have their rows in another order. */
    private static final Map<String, String> OF_A_LAYER =
            Map.of(
                    "input_layernorm", "attn_norm",
                    "post_attention_layernorm", "ffn_norm",
                    "self_attn.v_proj", "attn_v",
                    "self_attn.o_proj", "attn_output",
                    "mlp.gate_proj", "ffn_gate",
                    "mlp.up_proj", "ffn_up",
                    "mlp.down_proj", "ffn_down");

    @Test
    void storiesHasTheSameNumbersInBothFormats() throws IOException {
        Path folder = Data.shared().resolve("models").resolve("stories260K");
        assumeTrue(Files.isDirectory(folder), "no reference data at " + folder);
        try (SafetensorsFile from =
                        SafetensorsFile.open(folder.resolve("hf").resolve("model.safetensors"));
                GgufFile to = GgufFile.open(folder.resolve("stories260K-f32.gguf"))) {
            assertThat(from.metadata()).containsEntry("format", "pt");
            assertThat(from.tensors()).hasSize(2 + LAYERS * 9);
            names().forEach((safetensor, gguf) -> same(from, safetensor, to, gguf));
        }
    }

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        names.put("model.embed_tokens", "token_embd");
        names.put("model.norm", "output_norm");
        for (int i = 0; i < LAYERS; i++) {
            int layer = i;
            OF_A_LAYER.forEach((from, to) ->
                    names.put("model.layers." + layer + "." + from, "blk." + layer + "." + to));
        }
        return names;
    }

    private static void same(SafetensorsFile from, String safetensor, GgufFile to, String gguf) {
        SafetensorInfo found = Objects.requireNonNull(from.tensor(safetensor + ".weight"));
        TensorInfo expected = Objects.requireNonNull(to.tensor(gguf + ".weight"));
        assertThat(found.type()).isEqualTo(SafetensorType.F32);
        assertThat(expected.type()).isEqualTo(TensorType.F32);
        assertThat(found.shape()).as(safetensor).isEqualTo(expected.shape().reversed());
        assertThat(from.data(found).mismatch(to.data(expected))).as(safetensor).isEqualTo(-1);
    }
}
