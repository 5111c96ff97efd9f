package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsWriter;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class AdapterConverterTest {
    private static final String CONFIG =
            "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"bias\": \"none\","
                    + " \"target_modules\": [\"q_proj\"], \"use_rslora\": false}";

    @TempDir private Path temp;

    /** Names of the library for those of GGUF, and heads whose rows are reordered. */
    private record Name(String peft, int heads) {}

    private static Name name(String weight) {
        String[] parts = weight.split("\\.");
        String layer = "base_model.model.model.layers." + parts[1] + ".";
        return switch (parts[2]) {
            case "attn_q" -> new Name(layer + "self_attn.q_proj", 8);
            case "attn_k" -> new Name(layer + "self_attn.k_proj", 4);
            case "attn_v" -> new Name(layer + "self_attn.v_proj", 0);
            case "attn_output" -> new Name(layer + "self_attn.o_proj", 0);
            case "ffn_gate" -> new Name(layer + "mlp.gate_proj", 0);
            case "ffn_up" -> new Name(layer + "mlp.up_proj", 0);
            case "ffn_down" -> new Name(layer + "mlp.down_proj", 0);
            default -> throw new IllegalArgumentException(weight);
        };
    }

    @Test
    void anAdapterBecomesTheReferencesToTheLastBit() throws IOException {
        Path models = Data.shared().resolve("models");
        Path sample = models.resolve("lora").resolve("stories260K-lora-shared-r4.gguf");
        assumeTrue(Files.exists(sample), "no reference data in " + models);
        Path base = models.resolve("stories260K");
        try (GgufFile reference = GgufFile.open(sample)) {
            float alpha = reference.metadata().number("adapter.lora.alpha");
            Path folder = peft(reference, CONFIG.replace("8", Float.toString(alpha)));
            for (Path of : List.of(base.resolve("hf"), base.resolve("stories260K-f32.gguf"))) {
                Path target = temp.resolve("adapter.gguf");
                AdapterConverter.convert(folder, of, target, ConvertOptions.defaults());
                same(target, reference);
            }
        }
    }

    private static void same(Path target, GgufFile reference) throws IOException {
        try (GgufFile found = GgufFile.open(target)) {
            assertThat(found.tensors()).hasSameSizeAs(reference.tensors());
            for (TensorInfo tensor : reference.tensors()) {
                TensorInfo ours = requireNonNull(found.tensor(tensor.name()));
                assertThat(ours).as(tensor.name()).isEqualTo(tensor);
                assertThat(found.data(ours).mismatch(reference.data(tensor)))
                        .as(tensor.name())
                        .isEqualTo(-1);
            }
            for (String key :
                    List.of(
                            "general.type",
                            "general.architecture",
                            "adapter.type",
                            "adapter.lora.alpha")) {
                assertThat(found.metadata().get(key))
                        .as(key)
                        .isEqualTo(reference.metadata().get(key));
            }
        }
    }

    /** The adapter as the PEFT library would have saved it. */
    private Path peft(GgufFile adapter, String config) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("peft"));
        Files.writeString(folder.resolve("adapter_config.json"), config);
        List<SafetensorInfo> tensors = new ArrayList<>();
        List<MemorySegment> data = new ArrayList<>();
        for (TensorInfo tensor : adapter.tensors()) {
            boolean first = tensor.name().endsWith(".lora_a");
            Name name = name(tensor.name().replaceFirst("\\.lora_[ab]$", ""));
            List<Long> shape = List.of(tensor.shape().get(1), tensor.shape().get(0));
            String half = first ? ".lora_A.weight" : ".lora_B.weight";
            tensors.add(SafetensorInfo.of(name.peft() + half, SafetensorType.F32, shape));
            data.add(reordered(adapter.data(tensor), shape, first ? 0 : name.heads()));
        }
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of(),
                tensors,
                tensor -> data.get(tensors.indexOf(tensor)));
        return folder;
    }

    /** Halves of a head again, of its adjacent pairs. */
    private static MemorySegment reordered(MemorySegment rows, List<Long> shape, int heads) {
        byte[] bytes = rows.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        if (heads == 0) {
            return MemorySegment.ofArray(bytes);
        }
        int length = (int) (shape.get(0) / heads);
        int row = (int) (4 * shape.get(1));
        byte[] to = new byte[bytes.length];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < length; i++) {
                int pair = i % 2 * (length / 2) + i / 2;
                System.arraycopy(bytes, (h * length + i) * row, to, (h * length + pair) * row, row);
            }
        }
        return MemorySegment.ofArray(to);
    }

    @Test
    void whatAnAdapterOfGgufCannotHoldIsRefused() throws IOException {
        Path base = Checkpoints.copy("llama", temp);
        refused(base, CONFIG.replace("LORA", "IA3"), q(), "peft_type");
        refused(base, CONFIG.replace("none", "all"), q(), "bias");
        refused(
                base,
                CONFIG.replace("\"r\"", "\"modules_to_save\": [\"lm_head\"], \"r\""),
                q(),
                "modules_to_save");
        refused(base, CONFIG, List.of(q().getFirst()), "expected");
        String other = "base_model.model.model.layers.0.self_attn.x_proj.lora_";
        refused(
                base,
                CONFIG,
                List.of(
                        SafetensorInfo.of(other + "A.weight", SafetensorType.F32, List.of(2L, 4L)),
                        SafetensorInfo.of(other + "B.weight", SafetensorType.F32, List.of(4L, 2L))),
                "no weight that GGUF knows");
    }

    @Test
    void theFactorOfARankStabilizedAdapterIsRestated() throws IOException {
        Path base = Checkpoints.copy("llama", temp);
        Path target = temp.resolve("adapter.gguf");
        Path folder = write(CONFIG.replace("false", "true"), q());
        AdapterConverter.convert(folder, base, target, ConvertOptions.defaults());
        try (GgufFile file = GgufFile.open(target)) {
            // 8 / sqrt(4) there is 16 / 4 here.
            assertThat(file.metadata().number("adapter.lora.alpha")).isEqualTo(16);
        }
    }

    private static List<SafetensorInfo> q() {
        String name = "base_model.model.model.layers.0.self_attn.q_proj.lora_";
        return List.of(
                SafetensorInfo.of(name + "A.weight", SafetensorType.F32, List.of(4L, 16L)),
                SafetensorInfo.of(name + "B.weight", SafetensorType.F32, List.of(32L, 4L)));
    }

    private Path write(String config, List<SafetensorInfo> tensors) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("adapter"));
        Files.writeString(folder.resolve("adapter_config.json"), config);
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of(),
                tensors,
                tensor -> MemorySegment.ofArray(new byte[(int) tensor.bytes()]));
        return folder;
    }

    private void refused(Path base, String config, List<SafetensorInfo> tensors, String why)
            throws IOException {
        Path folder = write(config, tensors);
        Path target = temp.resolve("refused.gguf");
        assertThatThrownBy(() ->
                        AdapterConverter.convert(folder, base, target, ConvertOptions.defaults()))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining(why);
    }
}
