package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is written for classes that the transformers library has not, so that none is at hand. */
class OwnCodeTest {
    /** Names that every configuration class knows. */
    private static final Set<String> ALL =
            Set.of("architectures", "model_type", "torch_dtype", "bos_token_id", "eos_token_id");

    @TempDir private Path folder;

    /**
     * A class.
     *
     * @param config names in config.json that it knows
     * @param tensors shapes by names, the ends and layer 0
     */
    record Facts(
            String checkpointClass,
            String architecture,
            Set<String> config,
            Map<String, List<Long>> tensors) {
        @Override
        public String toString() {
            return checkpointClass;
        }
    }

    static List<Facts> classes() {
        List<Facts> all = new ArrayList<>();
        for (String line : lines()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("class")) {
                all.add(new Facts(words[1], words[2], new TreeSet<>(ALL), new TreeMap<>()));
            } else if (words[0].equals("config")) {
                all.getLast().config().addAll(List.of(words).subList(1, words.length));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                List<Long> shape =
                        Arrays.stream(words, 1, words.length).map(Long::valueOf).toList();
                all.getLast().tensors().put(words[0], shape);
            }
        }
        return all;
    }

    private static List<String> lines() {
        try (InputStream in = OwnCodeTest.class.getResourceAsStream("own-code.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("classes")
    void aCheckpointIsWhatItsClassReads(Facts facts) throws IOException {
        Path model = folder.resolve("model.gguf");
        Files.write(model, tiny(facts).bytes());
        Path checkpoint = folder.resolve("checkpoint");
        BackConverter.convert(model, checkpoint, (bytes, total) -> {});
        JsonObject config = JsonObject.read(checkpoint.resolve("config.json"));
        assertThat(config.list("architectures")).isEqualTo(List.of(facts.checkpointClass()));
        assertThat(facts.config()).containsAll(config.keys());
        Map<String, List<Long>> tensors = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
            file.tensors()
                    .forEach(tensor -> {
                        if (!tensor.name().matches(".*\\.[1-7]\\..*")) {
                            tensors.put(tensor.name(), tensor.shape());
                        }
                    });
        }
        assertThat(tensors).isEqualTo(facts.tensors());
        RoundTrip.check(model, folder);
    }

    private static TinyModel tiny(Facts facts) {
        TinyModel model = TinyCheckpoints.of(facts.architecture());
        if (facts.checkpointClass().equals("ChatGLMModel")) {
            for (int i = 0; i < 8; i++) {
                TinyCheckpoints.fuse(model, "blk." + i + ".attn_", 2);
                model.withTensor("blk." + i + ".attn_qkv.bias", 128);
            }
            model.with("chatglm.rope.dimension_count", 8);
        }
        return model;
    }
}
