package dev.snoozy.cli.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.compress.perplexity.Estimate;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What each type costs a model and what it brings; {@code report.json} is this as it is.
 *
 * @param model name of the source
 * @param text what all were measured on
 * @param kernels one line on what computed
 * @param processors of the machine
 * @param threads that computed
 * @param importance name of the importance matrix, if there was one
 * @param rows the source first, then the types in the order in which they were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record QualityReport(
        String model,
        Text text,
        String kernels,
        int processors,
        int threads,
        @Nullable String importance,
        List<Row> rows) {
    /**
     * The text.
     *
     * @param name of its file; that of the text that comes with the program if none was given
     * @param builtIn whether it is that one
     * @param chunk tokens that are read at once
     * @param scored tokens that count
     */
    record Text(String name, @JsonProperty("built_in") boolean builtIn, int chunk, int scored) {}

    /**
     * A type.
     *
     * @param type what was asked for; of the source what its file says
     * @param source whether it is the model as it was
     * @param bytes of the whole file
     * @param memory4k bytes for running with a text of 4096 tokens
     * @param memory32k the same with 32768 tokens
     * @param pp512 tokens per second, null if speed was not measured
     * @param tg128 tokens per second, null if speed was not measured
     * @param divergence from the source, null for the source
     * @param divergence999 that 99.9 % of the tokens do not exceed
     * @param sameTop share of tokens for which the most probable one is the source's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            String type,
            boolean source,
            long bytes,
            @JsonProperty("bits_per_weight") double bitsPerWeight,
            @JsonProperty("memory_4k") long memory4k,
            @JsonProperty("memory_32k") long memory32k,
            @Nullable Double pp512,
            @Nullable Double tg128,
            Estimate perplexity,
            @JsonProperty("kl_divergence") @Nullable Estimate divergence,
            @JsonProperty("kl_divergence_999") @Nullable Double divergence999,
            @JsonProperty("same_top") @Nullable Estimate sameTop) {}
}
