package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of random models; their rules are tested where they are, in {@code compress}. */
class RandomTypesTest {
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
    }

    @Test
    void aPlainTypeIsThatOfAllMatrices() {
        assertThat(types("llama-1b", "Q4_0").values())
                .containsOnly(TensorType.Q4_0, TensorType.F32);
    }

    @Test
    void anUnknownNameIsRefusedWithNearOnes() {
        assertThatThrownBy(() -> RandomTypes.of("Q4_K_L"))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("--type")
                .hasMessageContaining("near names: Q4_K_S, Q4_K_M");
        assertThatThrownBy(() -> RandomTypes.of("Q8_K")).isInstanceOf(WrongUseException.class);
        assertThatThrownBy(() -> Shape.of("llama-2b"))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("near names: llama-1b, llama-8b");
    }

    private static Map<String, TensorType> types(String shape, String mixture) {
        Function<TensorInfo, TensorType> type = TensorInfo::type;
        return Shape.of(shape).tensors(RandomTypes.of(mixture)).stream()
                .collect(Collectors.toMap(TensorInfo::name, type));
    }
}
