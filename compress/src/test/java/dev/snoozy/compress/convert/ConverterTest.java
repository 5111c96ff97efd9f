package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.SafetensorsWriter;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Random checkpoints of every family, with the logits that another library computed. */
class ConverterTest {
    /** Other orders of sums. */
    private static final float LOGITS = 1e-4f;

    /** What a checkpoint cannot say: the folder's name, and what its missing part would say. */
    private static final Set<String> LOST = Set.of("general.name", "qwen3vl.n_deepstack_layers");

    /** Parts that see, for which GGUF has no place beside the text. */
    private static final Pattern APART =
            Pattern.compile("(^|\\.)(visual|vision_tower|multi_modal_projector)\\.");

    @TempDir private Path temp;

    @TestFactory
    Stream<DynamicTest> theResultComputesWhatTheLibraryDoes() throws IOException {
        return Checkpoints.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> computes(name)));
    }

    private void computes(String name) throws IOException {
        Path folder = Checkpoints.copy(name, temp);
        Path target = temp.resolve(name + ".gguf");
        Converter.convert(folder, target, ConvertOptions.defaults().withType(OutputType.F32));
        JsonObject facts = JsonObject.read(folder.resolve("logits.json"));
        int[] tokens = facts.list("tokens").stream().mapToInt(t -> ((Long) t).intValue()).toArray();
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32);
        try (LanguageModel model = LanguageModel.load(target, options);
                Evaluation evaluation = model.evaluation()) {
            assertThat(evaluation.append(tokens, false).getFirst())
                    .usingComparatorWithPrecision((float) facts.number("tolerance", LOGITS))
                    .containsExactly(facts.floats("logits_last"));
            assertThat(model.chatTemplate()).isPresent();
            assertThat(model.tokenizer().vocabulary().eos()).isEqualTo(1);
        }
    }

    @TestFactory
    Stream<DynamicTest> backAndThereAgainIsTheSame() throws IOException {
        return Checkpoints.names().stream()
                .filter(name -> !name.equals("llama3"))
                .map(name -> DynamicTest.dynamicTest(name, () -> returns(name)));
    }

    private void returns(String name) throws IOException {
        Path folder = Checkpoints.copy(name, temp);
        Path first = temp.resolve("first.gguf");
        Converter.convert(folder, first, ConvertOptions.defaults());
        Path back = temp.resolve("back-" + name);
        BackConverter.convert(first, back, (bytes, total) -> {});
        Path second = temp.resolve("second.gguf");
        Converter.convert(back, second, ConvertOptions.defaults());
        try (GgufFile a = GgufFile.open(first);
                GgufFile b = GgufFile.open(second);
                SafetensorsFile before = SafetensorsFile.open(folder.resolve("model.safetensors"));
                SafetensorsFile after = SafetensorsFile.open(back.resolve("model.safetensors"))) {
            for (TensorInfo tensor : a.tensors()) {
                TensorInfo other = requireNonNull(b.tensor(tensor.name()));
                assertThat(other).isEqualTo(tensor);
                assertThat(a.data(tensor).mismatch(b.data(other))).as(tensor.name()).isEqualTo(-1);
            }
            assertThat(b.tensors()).hasSameSizeAs(a.tensors());
            a.metadata()
                    .values()
                    .forEach((key, value) -> {
                        if (!LOST.contains(key)) {
                            assertThat(b.metadata().get(key)).as(key).isEqualTo(value.value());
                        }
                    });
            for (SafetensorInfo tensor : before.tensors()) {
                String inside = inside(name, tensor.name());
                if (!APART.matcher(tensor.name()).find()) {
                    SafetensorInfo other = requireNonNull(after.tensor(inside), inside);
                    assertThat(other.shape()).isEqualTo(tensor.shape());
                }
            }
        }
    }

    /** The name that is written back, which the library reads as well. */
    private static String inside(String model, String tensor) {
        String inside = tensor.replaceFirst("^(model\\.)?language_model\\.(model\\.)?", "model.");
        inside = inside.equals("model.lm_head.weight") ? "lm_head.weight" : inside;
        return model.startsWith("gpt2") ? inside.replaceFirst("^transformer\\.", "") : inside;
    }

    /** InternLM 3 has Llama's tensors under the same names, and other words for biases. */
    @Test
    void internLm3IsALlama() throws IOException {
        Path folder = Checkpoints.copy("llama", temp);
        convert(folder, OutputType.F32);
        byte[] llama = Files.readAllBytes(temp.resolve("m.gguf"));
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replace("LlamaForCausalLM", "InternLM3ForCausalLM")
                        .replace("attention_bias", "qkv_bias")
                        .replace("mlp_bias", "bias"));
        convert(folder, OutputType.F32);
        assertThat(Files.readAllBytes(temp.resolve("m.gguf"))).isEqualTo(llama);
    }

    @Test
    void partsThatSeeAreLeftOutAndSaid() throws IOException {
        Path folder = Checkpoints.copy("mistral3-seeing", temp);
        Path target = temp.resolve("m.gguf");
        Converter.Converted converted =
                Converter.convert(folder, target, ConvertOptions.defaults());
        Map<String, Integer> expected = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            for (SafetensorInfo tensor : file.tensors()) {
                if (!tensor.name().startsWith("language_model.")) {
                    String part = tensor.name().substring(0, tensor.name().indexOf('.') + 1);
                    expected.merge(part, 1, Integer::sum);
                }
            }
        }
        assertThat(converted.leftOut()).isEqualTo(expected).isNotEmpty();
    }

    /** What a checkpoint leaves out because its class has it by default. */
    @Test
    void whatIsLeftOutHasTheValueOfTheClass() throws IOException {
        Path folder = Checkpoints.copy("smollm3", temp);
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replace("\"tie_word_embeddings\": true,", "")
                        .replace("\"rms_norm_eps\": 1e-06,", ""));
        assertThat(Files.readString(config)).isNotEqualTo(text);
        convert(folder, OutputType.F32);
        try (GgufFile file = GgufFile.open(temp.resolve("m.gguf"))) {
            assertThat(file.metadata().number("smollm3.attention.layer_norm_rms_epsilon"))
                    .isEqualTo(1e-6f);
            assertThat(file.tensor("output.weight")).isNull();
        }
    }

    @Test
    void divisorsOfFrequenciesAreNotConvertedBack() throws IOException {
        Path folder = Checkpoints.copy("llama3", temp);
        Path gguf = temp.resolve("m.gguf");
        Converter.convert(folder, gguf, ConvertOptions.defaults());
        assertThatThrownBy(() -> BackConverter.convert(gguf, temp.resolve("b"), (d, t) -> {}))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("llama3");
    }

    @Test
    void whatAConfigurationSaysAndNobodyKnowsIsRefused() throws IOException {
        refused("\"LlamaForCausalLM\"", "\"FancyForCausalLM\"", "found FancyForCausalLM");
        refused("\"hidden_act\": \"silu\"", "\"hidden_act\": \"relu\"", "hidden_act");
        refused("\"mlp_bias\"", "\"attention_twist\": 3, \"mlp_bias\"", "--ignore attention_twist");
        refused("\"rope_type\": \"default\"", "\"rope_type\": \"dynamic\"", "rope_type");
        refused("\"num_attention_heads\": 4", "\"num_attention_heads\": -4", "from 1 to 2^28");
        refused("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "heads");
        refused("{", "[", "expected");
    }

    @Test
    void whatAFamilyCannotComputeIsRefused() throws IOException {
        refusedOf(
                "gemma4", "\"num_hidden_layers\": 6", "\"num_hidden_layers\": 99999999", "at most");
        refusedOf("qwen25vl", "\"mrope_section\": [", "\"mrope_section\": [\"a\", ", "integers");
        refusedOf("gemma3n", "[\n    0.0", "[\n    0.5", "activation_sparsity_pattern");
        refusedOf("smollm3", "\"no_rope_layer_interval\": 4", "\"no_rope_layer_interval\": 3", "4");
        refusedOf("falcon", "\"alibi\": false", "\"alibi\": true", "alibi");
        refusedOf("exaone4", "\"full_attention\"", "\"strange\"", "layer_types");
        refusedOf(
                "ministral3",
                "\"factor\": 4.0",
                "\"factor\": 4.0, \"truncate\": false",
                "truncate");
        refusedOf("hunyuan", "\"rope_type\": \"dynamic\"", "\"rope_type\": \"llama3\"", "llama3");
    }

    private void refused(String part, String instead, String why) throws IOException {
        refusedOf("llama", part, instead, why);
    }

    private void refusedOf(String name, String part, String instead, String why)
            throws IOException {
        Path folder = Checkpoints.copy(name, temp);
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(part);
        Files.writeString(config, text.replace(part, instead));
        Path target = temp.resolve("refused.gguf");
        assertThatThrownBy(() -> Converter.convert(folder, target, ConvertOptions.defaults()))
                .hasMessageContaining(why);
        assertThat(target).doesNotExist();
    }

    @Test
    void aKeyThatTheUserVouchesForIsIgnored() throws IOException {
        Path folder = Checkpoints.copy("llama", temp);
        Path config = folder.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"mlp_bias\"", "\"twist\": 3, \"mlp_bias\""));
        ConvertOptions options =
                new ConvertOptions(OutputType.F16, null, Set.of("twist"), (bytes, total) -> {});
        Path target = temp.resolve("m.gguf");
        assertThat(Converter.convert(folder, target, options).architecture()).isEqualTo("llama");
        assertThat(target).exists();
    }

    @Test
    void aTensorThatNoRuleKnowsIsRefused() throws IOException {
        Path folder = changed("llama", Map.of("model.layers.0.self_attn.gate.weight", 1f));
        assertThatThrownBy(() -> convert(folder, OutputType.AUTO))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("model.layers.0.self_attn.gate.weight");
    }

    @Test
    void valuesThatDoNotFitAreRefused() throws IOException {
        Path large = changed("llama", Map.of("model.layers.0.mlp.up_proj.weight", 1e6f));
        assertThatThrownBy(() -> convert(large, OutputType.F16))
                .hasMessageContaining("too large for F16")
                .hasMessageContaining("--type bf16");
        Path damaged = changed("llama", Map.of("model.layers.0.mlp.up_proj.weight", Float.NaN));
        assertThatThrownBy(() -> convert(damaged, OutputType.F16)).hasMessageContaining("NaN");
    }

    @Test
    void aFolderWithoutItsPartsIsRefused() throws IOException {
        Path folder = Checkpoints.copy("llama", temp);
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> convert(folder, OutputType.AUTO))
                .hasMessageContaining("found no tokenizer");
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        assertThatThrownBy(() -> convert(folder, OutputType.AUTO))
                .hasMessageContaining("save the model as safetensors");
        Files.delete(folder.resolve("config.json"));
        assertThatThrownBy(() -> convert(folder, OutputType.AUTO))
                .hasMessageContaining("found no config.json");
    }

    private void convert(Path folder, OutputType type) throws IOException {
        Converter.convert(folder, temp.resolve("m.gguf"), ConvertOptions.defaults().withType(type));
    }

    /** A checkpoint with some tensors full of one value. */
    private Path changed(String name, Map<String, Float> values) throws IOException {
        Path folder = Checkpoints.copy(name, temp);
        Path file = folder.resolve("model.safetensors");
        try (SafetensorsFile before = SafetensorsFile.of(Files.readAllBytes(file))) {
            List<SafetensorInfo> tensors = new ArrayList<>();
            for (SafetensorInfo tensor : before.tensors()) {
                if (!values.containsKey(tensor.name())) {
                    tensors.add(tensor);
                }
            }
            values.keySet()
                    .forEach(key -> {
                        SafetensorInfo old = before.tensor(key);
                        List<Long> shape = old == null ? List.of(2L, 2L) : old.shape();
                        tensors.add(SafetensorInfo.of(key, SafetensorType.F32, shape));
                    });
            SafetensorsWriter.write(
                    file,
                    Map.of(),
                    tensors,
                    tensor -> {
                        Float value = values.get(tensor.name());
                        if (value == null) {
                            return before.data(tensor);
                        }
                        MemorySegment data = MemorySegment.ofArray(new byte[(int) tensor.bytes()]);
                        for (long i = 0; i < tensor.elements(); i++) {
                            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
                        }
                        return data;
                    });
        }
        return folder;
    }
}
