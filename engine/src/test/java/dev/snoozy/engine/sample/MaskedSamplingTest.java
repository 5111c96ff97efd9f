package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;
import dev.snoozy.text.grammar.TokenGrammar;
import dev.snoozy.text.grammar.TokenMask;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class MaskedSamplingTest {
    private static final Vocabulary VOCABULARY = vocabulary();
    private static final List<SamplingOptions> CHAINS =
            List.of(
                    SamplingOptions.greedy(),
                    SamplingOptions.defaults().toBuilder().seed(3).build(),
                    SamplingOptions.defaults().toBuilder().seed(3).topK(5).build(),
                    SamplingOptions.defaults().toBuilder().seed(3).topK(0).temperature(2).build());

    private static Vocabulary vocabulary() {
        try (GgufFile file = GgufFile.of(TinyModel.llama().bytes())) {
            return Tokenizer.of(file.metadata()).vocabulary();
        }
    }

    private static TokenMask mask(Grammar grammar) {
        return TokenGrammar.of(grammar, VOCABULARY).start().mask();
    }

    private static float[] logits(Random random) {
        float[] logits = new float[VOCABULARY.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() * 4;
        }
        return logits;
    }

    /**
     * The judge gives the others the score minus infinity, and leaves them among the candidates.
     */
    @Test
    void theChoiceIsTheOneAmongTheAllowedTokens() {
        Random random = new Random(1);
        TokenMask mask = mask(Grammar.regex("[a-m0-9]+"));
        for (SamplingOptions options : CHAINS) {
            SamplerChain masked = SamplerChain.of(options, VOCABULARY);
            SamplerChain judge = SamplerChain.of(options, VOCABULARY);
            for (int round = 0; round < 50; round++) {
                float[] logits = logits(random);
                float[] forbidden = logits.clone();
                for (int token = 0; token < forbidden.length; token++) {
                    if (!mask.allows(token)) {
                        forbidden[token] = Float.NEGATIVE_INFINITY;
                    }
                }
                int token = masked.sample(logits, mask);
                assertThat(mask.allows(token)).isTrue();
                assertThat(token).isEqualTo(judge.sample(forbidden));
            }
        }
    }

    @Test
    void saysWhenNoTokenMayCome() {
        SamplerChain chain = SamplerChain.of(SamplingOptions.greedy(), VOCABULARY);
        float[] logits = logits(new Random(2));
        TokenMask mask = mask(Grammar.literal("a"));
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[VOCABULARY.id("b")] = 1;
        assertThatThrownBy(() -> chain.sample(logits, mask))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(
                        "gave every token that the grammar allows the score -infinity");
    }
}
