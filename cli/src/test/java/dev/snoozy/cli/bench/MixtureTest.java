package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The mixtures against those that llama.cpp's quantizer made (presets of the reference data). */
class MixtureTest {
    private static final List<String> MIXTURES =
            List.of("Q2_K", "Q3_K_M", "Q4_K_S", "Q4_K_M", "Q5_K_M");

    @ParameterizedTest
    @CsvSource({
        "llama-32layers-gqa4, 32, 256, 8, 2, false",
        "llama-32layers-mha-tied, 32, 256, 8, 8, true",
        "llama-80layers-gqa8, 80, 256, 8, 1, false",
        "llama-4layers-width96-fallback, 4, 96, 6, 2, false"
    })
    void eachTensorGetsTheTypeThatTheReferenceGaveIt(
            String kind, int layers, int embedding, int heads, int kvHeads, boolean tied)
            throws IOException {
        Path file = Data.shared().resolve("golden").resolve("presets").resolve(kind + ".tsv");
        assumeTrue(Files.exists(file), "skipped: no reference data at " + file);
        Shape shape = Shape.llama(kind, layers, embedding, heads, kvHeads, 256, 261, tied, 0);
        List<String[]> rows =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("\t"))
                        .toList();
        List<String> head = List.of(rows.getFirst());
        for (String name : MIXTURES) {
            int column = head.indexOf(name);
            Mixture mixture = Mixture.of(name);
            int compared = 0;
            for (String[] row : rows.subList(1, rows.size())) {
                if (row[1].contains("x")) {
                    long length = Long.parseLong(row[1].substring(0, row[1].indexOf('x')));
                    assertThat(mixture.type(row[0], length, shape))
                            .as(name + " " + row[0])
                            .hasToString(row[column]);
                    compared++;
                }
            }
            assertThat(compared).isGreaterThanOrEqualTo(7 * layers + 1);
        }
    }

    @Test
    void expertsKeepTheirRouterAndSmallMatricesPrecise() {
        Map<String, TensorType> types = types("moe-small", "Q4_K_M");
        assertThat(types)
                .containsEntry("blk.5.ffn_gate_inp.weight", TensorType.F32)
                .containsEntry("blk.5.attn_k.weight", TensorType.Q8_0)
                .containsEntry("blk.5.attn_v.weight", TensorType.Q8_0)
                .containsEntry("blk.5.attn_output.weight", TensorType.Q5_K)
                .containsEntry("blk.0.ffn_down_exps.weight", TensorType.Q6_K)
                .containsEntry("blk.5.ffn_up_exps.weight", TensorType.Q4_K);
    }

    @Test
    void rowsThatAreNoWholeBlocksFallBack() {
        Map<String, TensorType> types = types("gemma-small", "Q4_K_M");
        assertThat(types)
                .containsEntry("token_embd.weight", TensorType.Q8_0)
                .containsEntry("blk.5.attn_q.weight", TensorType.Q5_0)
                .containsEntry("blk.5.attn_output.weight", TensorType.Q4_K)
                .containsEntry("blk.0.ffn_down.weight", TensorType.Q6_K)
                .containsEntry("blk.5.attn_q_norm.weight", TensorType.F32);
        assertThat(Mixture.of("Q4_0").type("x.weight", 48, Shape.of("tiny")))
                .isEqualTo(TensorType.F16);
    }

    @Test
    void aPlainTypeIsThatOfAllMatrices() {
        assertThat(types("llama-1b", "Q4_0").values())
                .containsOnly(TensorType.Q4_0, TensorType.F32);
    }

    @Test
    void anUnknownNameIsRefusedWithNearOnes() {
        assertThatThrownBy(() -> Mixture.of("Q4_K_L"))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("--type")
                .hasMessageContaining("near names: Q4_K_S, Q4_K_M");
        assertThatThrownBy(() -> Mixture.of("Q8_K")).isInstanceOf(WrongUseException.class);
        assertThatThrownBy(() -> Shape.of("llama-2b"))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("near names: llama-1b, llama-8b");
    }

    private static Map<String, TensorType> types(String shape, String mixture) {
        Function<TensorInfo, TensorType> type = TensorInfo::type;
        return Shape.of(shape).tensors(Mixture.of(mixture)).stream()
                .collect(Collectors.toMap(TensorInfo::name, type));
    }
}
