package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The mixtures against those that llama.cpp's quantizer made (presets of the reference data). */
class MixtureTest {
    @ParameterizedTest
    @CsvSource({
        "llama-32layers-gqa4, llama, 32, 8, 2",
        "llama-32layers-mha-tied, llama, 32, 8, 8",
        "llama-80layers-gqa8, llama, 80, 8, 1",
        "llama-4layers-width96-fallback, llama, 4, 6, 2",
        "falcon-32layers, falcon, 32, 8, 1"
    })
    void eachTensorGetsTheTypeThatTheReferenceGivesItToday(
            String kind, String architecture, int layers, int heads, int kvHeads)
            throws IOException {
        Path file = Data.shared().resolve("golden").resolve("presets").resolve(kind + ".tsv");
        assumeTrue(Files.exists(file), "skipped: no reference data at " + file);
        ModelShape shape = new ModelShape(architecture, layers, heads, kvHeads, 0);
        List<String> lines = Files.readAllLines(file);
        Map<String, Map<String, String>> later = later(lines);
        List<String[]> rows =
                lines.stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("\t"))
                        .toList();
        List<TensorInfo> tensors = rows.stream().skip(1).map(MixtureTest::tensor).toList();
        String[] head = rows.getFirst();
        assertThat(head).hasSizeGreaterThan(2).contains("Q2_K", "Q4_K_M", "IQ4_XS");
        assertThat(tensors).hasSizeGreaterThanOrEqualTo(5 * layers + 1);
        for (int column = 2; column < head.length; column++) {
            Mixture mixture = Mixture.of(head[column]).orElseThrow();
            Map<String, TensorType> types = mixture.types(tensors, shape, false);
            Map<String, String> changed = later.getOrDefault(head[column], Map.of());
            for (String[] row : rows.subList(1, rows.size())) {
                assertThat(types.get(row[0]))
                        .as(head[column] + " " + row[0])
                        .hasToString(changed.getOrDefault(row[0], row[column]));
            }
        }
    }

    /** What the remarks say of the later reading: by mixture and tensor. */
    private static Map<String, Map<String, String>> later(List<String> lines) {
        Map<String, Map<String, String>> all = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(" tensors: ");
            if (line.startsWith("#") && colon > 0) {
                Map<String, String> changes = new HashMap<>();
                for (String change : line.substring(colon + 10).split("; ")) {
                    String[] parts = change.split(" |->");
                    changes.put(parts[0], parts[2]);
                }
                all.put(line.substring(2, line.indexOf(':')), changes);
            }
        }
        return all;
    }

    private static TensorInfo tensor(String[] row) {
        List<Long> shape = Stream.of(row[1].split("x")).map(Long::valueOf).toList();
        return TensorInfo.of(row[0], TensorType.F32, shape);
    }

    @Test
    void expertsKeepTheirRouterAndSmallMatricesPrecise() {
        ModelShape shape = new ModelShape("llama", 12, 16, 4, 8);
        List<TensorInfo> tensors = new ArrayList<>();
        tensors.add(tensor(new String[] {"output.weight", "1024x320"}));
        tensors.add(tensor(new String[] {"token_embd.weight", "1024x320"}));
        for (int i = 0; i < 12; i++) {
            for (String name : List.of("attn_k", "attn_v", "attn_output", "ffn_gate_inp")) {
                tensors.add(tensor(new String[] {"blk." + i + "." + name + ".weight", "1024x8"}));
            }
            for (String name : List.of("ffn_down_exps", "ffn_up_exps")) {
                tensors.add(tensor(new String[] {"blk." + i + "." + name + ".weight", "1024x4x8"}));
            }
        }
        Mixture mixture = Mixture.of("Q4_K_M").orElseThrow();
        assertThat(mixture.types(tensors, shape, false))
                .containsEntry("blk.5.ffn_gate_inp.weight", TensorType.F32)
                .containsEntry("blk.5.attn_k.weight", TensorType.Q8_0)
                .containsEntry("blk.5.attn_v.weight", TensorType.Q8_0)
                .containsEntry("blk.5.attn_output.weight", TensorType.Q5_K)
                .containsEntry("blk.0.ffn_down_exps.weight", TensorType.Q6_K)
                .containsEntry("blk.5.ffn_up_exps.weight", TensorType.Q4_K)
                .containsEntry("output.weight", TensorType.Q6_K);
        Mixture experts = Mixture.of("mxfp4_moe").orElseThrow();
        assertThat(experts.types(tensors, shape, false))
                .containsEntry("blk.5.ffn_up_exps.weight", TensorType.MXFP4)
                .containsEntry("blk.5.attn_v.weight", TensorType.Q8_0)
                .containsEntry("token_embd.weight", TensorType.Q8_0);
    }

    @Test
    void rowsThatAreNoWholeBlocksFallBack() {
        assertThat(Mixture.fitting(TensorType.Q4_K, 96)).isEqualTo(TensorType.Q5_0);
        assertThat(Mixture.fitting(TensorType.Q2_K, 96)).isEqualTo(TensorType.Q4_0);
        assertThat(Mixture.fitting(TensorType.IQ2_S, 96)).isEqualTo(TensorType.IQ4_NL);
        assertThat(Mixture.fitting(TensorType.Q4_0, 48)).isEqualTo(TensorType.F16);
        assertThat(Mixture.fitting(TensorType.Q6_K, 512)).isEqualTo(TensorType.Q6_K);
    }

    @Test
    void anImportanceMatrixChangesAFewChoices() {
        List<TensorInfo> tensors = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tensors.add(tensor(new String[] {"blk." + i + ".ffn_down.weight", "256x256"}));
        }
        ModelShape shape = new ModelShape("llama", 16, 8, 8, 0);
        Mixture mixture = Mixture.of("Q4_0").orElseThrow();
        assertThat(mixture.types(tensors, shape, true))
                .containsEntry("blk.1.ffn_down.weight", TensorType.Q4_1)
                .containsEntry("blk.2.ffn_down.weight", TensorType.Q4_0);
        assertThat(mixture.types(tensors, shape, false).values()).containsOnly(TensorType.Q4_0);
    }

    @Test
    void aPureMixtureIsTheTypeOfItsName() {
        assertThat(Mixture.of("IQ2_S").orElseThrow().base()).isEqualTo(TensorType.IQ2_XS);
        assertThat(Mixture.of("IQ2_S").orElseThrow().pure().base()).isEqualTo(TensorType.IQ2_S);
        assertThat(Mixture.of("q4_k_m").orElseThrow().pure().base()).isEqualTo(TensorType.Q4_K);
        assertThat(Mixture.of("Q4_K_XL")).isEmpty();
    }
}
