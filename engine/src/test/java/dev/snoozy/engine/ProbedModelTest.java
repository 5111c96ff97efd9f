package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

class ProbedModelTest {
    private static final int[] TOKENS = {1, 70, 80, 90, 100};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token_embd.weight",
                "blk.0.attn_q.weight",
                "blk.1.attn_output.weight",
                "blk.0.ffn_gate_exps.weight",
                "blk.1.ffn_down_exps.weight"
            })
    void aWeightIsExchangedAndPutBack(String name) {
        byte[] bytes = TinyModel.mixture().bytes();
        try (GgufFile file = GgufFile.of(bytes);
                ProbedModel probed = ProbedModel.of(GgufFile.of(bytes), options());
                Arena arena = Arena.ofShared()) {
            TensorInfo tensor = Objects.requireNonNull(file.tensor(name));
            float[] before = scores(probed);
            MemorySegment same = arena.allocate(tensor.bytes(), 64).copyFrom(file.data(tensor));
            probed.exchange(name, tensor.type(), same);
            assertThat(scores(probed)).isEqualTo(before);
            long zeros = TensorType.BF16.bytes(tensor.elements());
            probed.exchange(name, TensorType.BF16, arena.allocate(zeros, 64));
            assertThat(scores(probed)).isNotEqualTo(before);
            probed.restore();
            assertThat(scores(probed)).isEqualTo(before);
        }
    }

    @Test
    void anUnknownWeightIsNotExchanged() {
        try (ProbedModel probed =
                ProbedModel.of(GgufFile.of(TinyModel.mixture().bytes()), options())) {
            MemorySegment none = MemorySegment.ofArray(new byte[64]);
            assertThatThrownBy(() -> probed.exchange("blk.9.weight", TensorType.F16, none))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("no weight blk.9.weight");
        }
    }

    private static float[] scores(ProbedModel model) {
        try (Evaluation evaluation = model.model().evaluation()) {
            return evaluation.append(TOKENS, false).getFirst();
        }
    }

    private static LoadOptions options() {
        return LoadOptions.defaults()
                .withThreads(2)
                .withPrefixMemory(0)
                .withPrecision(Precision.F32)
                .withCacheType(CacheType.F32);
    }
}
