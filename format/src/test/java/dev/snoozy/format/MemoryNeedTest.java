package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.Fit.Verdict;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

class MemoryNeedTest {
    private static final long PAGE = 64L * 2 * 16 * 2; // positions, heads, key and value, bytes
    private static final int LAYERS = 4;

    /** Kernels that pack an F16 in a byte and nothing else. */
    private static final KernelMemory KERNELS =
            new KernelMemory() {
                @Override
                public long packed(TensorType type, long experts, long rows, long columns) {
                    return type == TensorType.F16 ? experts * rows * columns : 0;
                }

                @Override
                public long page(int kvHeads, int keyLength, int valueLength) {
                    return 64L * kvHeads * (keyLength + valueLength) * 2;
                }

                @Override
                public int threads() {
                    return 1;
                }
            };

    private final Map<String, Object> metadata =
            new HashMap<>(
                    Map.of(
                            "general.architecture",
                            "llama",
                            "llama.block_count",
                            LAYERS,
                            "llama.context_length",
                            8192,
                            "llama.embedding_length",
                            32,
                            "llama.attention.head_count",
                            4,
                            "llama.attention.head_count_kv",
                            2));
    private final List<TensorInfo> tensors = new ArrayList<>();

    private MemoryNeed need() {
        return MemoryNeed.of(new Metadata(metadata), tensors, KERNELS);
    }

    private void tensor(String name, TensorType type, Long... shape) {
        tensors.add(TensorInfo.of(name, type, List.of(shape)));
    }

    private static MemoryLimits free(long bytes) {
        return new MemoryLimits(OptionalLong.of(bytes), Long.MAX_VALUE, 0);
    }

    // ---- weights

    @Test
    void weightsTakeWhatKernelsPackThemInOrElseTheirFile() {
        tensor("blk.0.attn_q.weight", TensorType.F16, 32L, 48L);
        tensor("blk.0.attn_k.weight", TensorType.Q8_0, 32L, 48L);
        tensor("blk.0.ffn_up_exps.weight", TensorType.F16, 32L, 48L, 3L);
        MemoryNeed need = need();
        assertThat(need.packed()).isEqualTo(32 * 48 + 34 * 48 + 3 * 32 * 48);
        assertThat(need.inFile()).isEqualTo(2 * 32 * 48 + 34 * 48 + 2 * 3 * 32 * 48);
    }

    @Test
    void vectorsAreKeptAsFloatsOfWholeLines() {
        tensor("output_norm.weight", TensorType.F32, 33L);
        assertThat(need().packed()).isEqualTo(48 * 4);
    }

    @Test
    void aTokenTableTakesMemoryOnlyWhereItIsTheOutputToo() {
        tensor("token_embd.weight", TensorType.F16, 32L, 100L);
        tensor("output_norm.weight", TensorType.F32, 32L);
        assertThat(need().packed()).isEqualTo(32 * 100 + 32 * 4);
        tensor("output.weight", TensorType.F16, 32L, 100L);
        assertThat(need().packed()).isEqualTo(32 * 100 + 32 * 4);
    }

    @Test
    void anEncoderOnlyLooksUpItsTables() {
        tensor("token_embd.weight", TensorType.F16, 32L, 100L);
        tensor("position_embd.weight", TensorType.F16, 32L, 100L);
        tensor("token_types.weight", TensorType.F16, 32L, 2L);
        assertThat(need().packed()).isZero();
    }

    // ---- keys and values

    private long cache(int context) {
        return need().at(context, MemoryLimits.NONE).kvCache();
    }

    @Test
    void pagesAreTakenAsPoolsGrow() {
        assertThat(cache(1)).isEqualTo(LAYERS * 4 * PAGE);
        assertThat(cache(4 * 64)).isEqualTo(LAYERS * 4 * PAGE);
        assertThat(cache(4 * 64 + 1)).isEqualTo(LAYERS * 8 * PAGE);
        // 40 pages grow by 5 and not by 4
        assertThat(cache(41 * 64)).isEqualTo(LAYERS * 45 * PAGE);
    }

    @Test
    void whatIsAllocatedInHugePagesIsTakenAsItIsWrittenTo() {
        metadata.put("llama.attention.key_length", 1 << 14);
        long page = 64L * 2 * (2 << 14) * 2; // 8 MiB
        assertThat(cache(5 * 64)).isEqualTo(LAYERS * 5 * page);
    }

    @Test
    void aWindowTakesARing() {
        metadata.put("llama.attention.sliding_window", 128);
        // 128 positions, a batch of 256, and one page that is being left
        assertThat(cache(8192)).isEqualTo(LAYERS * 8 * PAGE).isEqualTo(cache(7 * 64));
    }

    @Test
    void whatAWindowHasLeftIsRememberedWhereThereIsRoom() {
        metadata.put("llama.attention.sliding_window", 128);
        MemoryNeed need = need();
        long all = LAYERS * 45 * PAGE;
        long ring = LAYERS * 8 * PAGE;
        int context = 41 * 64;
        Fit none = need.at(context, MemoryLimits.NONE);
        assertThat(none.remembered()).isZero();
        assertThat(remembered(OptionalLong.empty(), 1 << 30)).isEqualTo(all - ring);
        assertThat(remembered(OptionalLong.of(none.needed() + 1000), 1 << 30)).isEqualTo(1000);
        // as many pages as the share of prefixes holds
        assertThat(remembered(OptionalLong.empty(), LAYERS * 12 * PAGE))
                .isEqualTo(LAYERS * 12 * PAGE - ring);
    }

    private long remembered(OptionalLong available, long prefixes) {
        return need().at(41 * 64, new MemoryLimits(available, Long.MAX_VALUE, prefixes))
                .remembered();
    }

    @Test
    void textsInProgressAddUp() {
        MemoryNeed need = need();
        assertThat(need.at(1000, 5, MemoryLimits.NONE).kvCache()).isEqualTo(5 * cache(1000));
    }

    // ---- evaluating

    @Test
    void anEncoderEvaluatesItsWholeTextAtOnce() {
        long decoder = need().at(8192, MemoryLimits.NONE).compute();
        assertThat(need().at(256, MemoryLimits.NONE).compute()).isEqualTo(decoder);
        metadata.put("llama.attention.causal", false);
        assertThat(need().at(256, MemoryLimits.NONE).compute()).isLessThanOrEqualTo(decoder);
        // 32 times the rows; of scores, which an encoder has none, the decoder had one
        assertThat(need().at(8192, MemoryLimits.NONE).compute())
                .isBetween(31 * decoder, 32 * decoder);
    }

    @Test
    void aLargeVocabularyMakesTheProgramLarger() {
        metadata.put("llama.vocab_size", 32_000);
        long small = need().at(1, MemoryLimits.NONE).program();
        metadata.put("llama.vocab_size", 1000);
        assertThat(need().at(1, MemoryLimits.NONE).program()).isEqualTo(small);
        metadata.put("llama.vocab_size", 262_144);
        assertThat(need().at(1, MemoryLimits.NONE).program()).isGreaterThan(small);
    }

    // ---- whether it fits

    @Test
    void theVerdictChangesAtTheByte() {
        tensor("blk.0.attn_q.weight", TensorType.F16, 32L, 480_000L);
        MemoryNeed need = need();
        Fit fit = need.at(4096, MemoryLimits.NONE);
        assertThat(fit.verdict()).isEqualTo(Verdict.FITS);
        assertThat(fit.needed())
                .isEqualTo(need.packed() + fit.kvCache() + fit.compute() + fit.program())
                .isEqualTo(fit.total());
        long all = fit.needed();
        assertThat(verdict(all)).isEqualTo(Verdict.FITS);
        assertThat(verdict(all - 1)).isEqualTo(Verdict.MAPPED);
        assertThat(verdict(all - need.packed())).isEqualTo(Verdict.MAPPED);
        assertThat(verdict(all - need.packed() - 1)).isEqualTo(Verdict.TOO_LARGE);
    }

    private Verdict verdict(long available) {
        return need().at(4096, free(available)).verdict();
    }

    @Test
    void aTextMustFitIntoTheCacheToo() {
        long cache = cache(4096);
        assertThat(need().at(4096, new MemoryLimits(OptionalLong.empty(), cache, 0)).verdict())
                .isEqualTo(Verdict.FITS);
        assertThat(need().at(4096, new MemoryLimits(OptionalLong.empty(), cache - 1, 0)).verdict())
                .isEqualTo(Verdict.TOO_LARGE);
    }

    @Test
    void theLongestTextFitsAndNoneOfOnePageMore() {
        tensor("blk.0.attn_q.weight", TensorType.F16, 32L, 480_000L);
        MemoryNeed need = need();
        assertThat(need.longest(MemoryLimits.NONE)).isEqualTo(8192);
        MemoryLimits some = free(need.at(3000, MemoryLimits.NONE).needed());
        int longest = need.longest(some);
        assertThat(longest).isGreaterThanOrEqualTo(2944).isLessThan(8192);
        assertThat(need.at(longest, some).verdict()).isEqualTo(Verdict.FITS);
        assertThat(need.at(longest + 64, some).verdict()).isNotEqualTo(Verdict.FITS);
        MemoryLimits few = free(need.at(3000, MemoryLimits.NONE).neededMapped());
        assertThat(need.at(need.longest(few), few).verdict()).isEqualTo(Verdict.MAPPED);
        assertThat(need.longest(free(1000))).isZero();
    }

    @Test
    void loadingReckonsWithALongerChat() {
        assertThat(need().usual(0)).isEqualTo(4096);
        assertThat(need().usual(100)).isEqualTo(100);
        metadata.put("llama.context_length", 2048);
        assertThat(need().usual(0)).isEqualTo(2048);
    }

    // ---- what a file may say

    @Test
    void lengthsThatNoMachineHasRoomForAreNoError() {
        metadata.put("llama.context_length", Integer.MAX_VALUE);
        metadata.put("llama.block_count", 1024);
        metadata.put("llama.attention.key_length", 1 << 22);
        metadata.put("llama.feed_forward_length", Integer.MAX_VALUE);
        metadata.put("llama.expert_count", Integer.MAX_VALUE);
        metadata.put("llama.attention.causal", false);
        MemoryNeed need = need();
        Fit fit = need.at(Integer.MAX_VALUE, free(1L << 40));
        assertThat(fit.verdict()).isEqualTo(Verdict.TOO_LARGE);
        assertThat(fit.total()).isPositive();
        assertThat(need.longest(free(1L << 30))).isNotNegative();
    }

    @Test
    void lengthsOutOfRangeAreRefused() {
        for (Map.Entry<String, Integer> wrong :
                Map.of(
                                "llama.block_count", 1025,
                                "llama.context_length", 0,
                                "llama.attention.head_count", -1,
                                "llama.attention.key_length", 1 << 30,
                                "llama.attention.head_count_kv", -2)
                        .entrySet()) {
            Map<String, Object> keys = new HashMap<>(metadata);
            keys.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> MemoryNeed.of(new Metadata(keys), tensors, KERNELS))
                    .as(wrong.getKey())
                    .isInstanceOf(FormatException.class);
        }
    }
}
