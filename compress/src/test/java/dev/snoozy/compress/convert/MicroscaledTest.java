package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.SafetensorsWriter;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** gpt-oss with its experts in blocks of MXFP4, against the same numbers in F32. */
class MicroscaledTest {
    private static final int[] TOKENS = {0, 5, 9, 33, 12, 60, 7, 21};

    /** The values of E2M1, by their four bits. */
    private static final float[] VALUES = {
        0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6
    };

    @TempDir private Path temp;

    private final List<SafetensorInfo> packed = new ArrayList<>();
    private final List<SafetensorInfo> plain = new ArrayList<>();
    private final Map<String, MemorySegment> data = new HashMap<>();

    /** Two folders: the experts in blocks, and as numbers {@code [tables, in, out]}. */
    private void make(Path blocks, Path numbers) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        try (SafetensorsFile file = SafetensorsFile.open(blocks.resolve("model.safetensors"))) {
            for (SafetensorInfo tensor : file.tensors()) {
                if (tensor.name().endsWith("_proj")) {
                    matrices(tensor, random);
                } else {
                    packed.add(tensor);
                    plain.add(tensor);
                    byte[] copy = file.data(tensor).toArray(ValueLayout.JAVA_BYTE);
                    data.put(tensor.name(), MemorySegment.ofArray(copy));
                }
            }
        }
        write(blocks, packed);
        write(numbers, plain);
    }

    private void write(Path folder, List<SafetensorInfo> tensors) throws IOException {
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                Map.of(),
                tensors,
                tensor -> requireNonNull(data.get(tensor.name())));
    }

    private void matrices(SafetensorInfo tensor, SplittableRandom random) {
        long tables = tensor.shape().get(0);
        int in = tensor.shape().get(1).intValue();
        int out = tensor.shape().get(2).intValue();
        byte[] bits = new byte[(int) tables * out * in / 2];
        byte[] exponents = new byte[(int) tables * out * in / 32];
        random.nextBytes(bits);
        float[] values = new float[(int) tables * in * out];
        for (int i = 0; i < values.length; i++) {
            int block = i / 32;
            if (i % 32 == 0) {
                exponents[block] = (byte) random.nextInt(122, 126);
            }
            float scale = Math.scalb(1f, (exponents[block] & 255) - 127);
            float value = VALUES[bits[i / 2] >> 4 * (i % 2) & 15] * scale;
            int row = i / in; // of all tables
            values[(row / out * in + i % in) * out + row % out] = value;
        }
        String name = tensor.name();
        add(packed, name + "_blocks", bits, SafetensorType.U8, tables, out, in / 32, 16);
        add(packed, name + "_scales", exponents, SafetensorType.U8, tables, out, in / 32);
        MemorySegment floats = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, floats, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
        plain.add(SafetensorInfo.of(name, SafetensorType.F32, tensor.shape()));
        data.put(name, floats);
    }

    private void add(
            List<SafetensorInfo> to,
            String name,
            byte[] bytes,
            SafetensorType type,
            long... shape) {
        to.add(SafetensorInfo.of(name, type, Arrays.stream(shape).boxed().toList()));
        data.put(name, MemorySegment.ofArray(bytes));
    }

    @Test
    void blocksAreTheSameNumbers() throws IOException {
        Path blocks = Checkpoints.copy("gpt-oss", temp.resolve("blocks"));
        Path numbers = Checkpoints.copy("gpt-oss", temp.resolve("numbers"));
        make(blocks, numbers);
        Path config = blocks.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\\{", "{\"quantization_config\": {\"quant_method\": \"mxfp4\"},"));
        Path a = convert(blocks, "a.gguf");
        Path b = convert(numbers, "b.gguf");
        try (GgufFile file = GgufFile.open(a)) {
            for (String name : List.of("gate", "up", "down")) {
                assertThat(requireNonNull(file.tensor("blk.1.ffn_" + name + "_exps.weight")).type())
                        .isEqualTo(TensorType.MXFP4);
            }
        }
        assertThat(scores(a)).containsExactly(scores(b));
    }

    private Path convert(Path folder, String name) throws IOException {
        Path target = temp.resolve(name);
        Converter.convert(folder, target, ConvertOptions.defaults().withType(OutputType.F32));
        return target;
    }

    private static float[] scores(Path file) throws IOException {
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32);
        try (GgufFile model = GgufFile.open(file);
                LanguageModel reference = LanguageModel.reference(model, options);
                Evaluation evaluation = reference.evaluation()) {
            return evaluation.append(TOKENS, false).getFirst();
        }
    }

    @Test
    void halvesThatDoNotFitAreRefused() throws IOException {
        Path blocks = Checkpoints.copy("gpt-oss", temp.resolve("blocks"));
        make(blocks, Checkpoints.copy("gpt-oss", temp.resolve("numbers")));
        packed.removeIf(tensor -> tensor.name().equals(EXPERTS + "down_proj_scales"));
        write(blocks, packed);
        assertThatThrownBy(() -> convert(blocks, "a.gguf"))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("down_proj_scales beside it");
        data.put(EXPERTS + "down_proj_scales", MemorySegment.ofArray(new byte[7]));
        packed.add(SafetensorInfo.of(EXPERTS + "down_proj_scales", SafetensorType.U8, List.of(7L)));
        write(blocks, packed);
        assertThatThrownBy(() -> convert(blocks, "a.gguf"))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("expected [tables, rows, blocks, 16]");
        assertThat(temp.resolve("a.gguf")).doesNotExist();
    }

    private static final String EXPERTS = "model.layers.0.mlp.experts.";
}
