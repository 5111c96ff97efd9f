package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.json.JsonJudge;
import dev.snoozy.testkit.json.RandomSchemas;
import dev.snoozy.testkit.json.SchemaJudge;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a model without any sense says under the most different schemas. */
class RandomSchemasTest {
    private static final int SCHEMAS = 1000;
    private static final int TOGETHER = 50;

    /** Of a context of 256. */
    private static final int TOKENS = 120;

    @Test
    void everyTextThatEndsByItselfFulfilsItsSchemaAndFewAreCutOff() {
        RandomSchemas schemas = new RandomSchemas(2020);
        int cutOff = 0;
        try (LanguageModel model = Models.load(TinyModel.llama())) {
            for (int round = 0; round < SCHEMAS / TOGETHER; round++) {
                List<Map<String, Object>> asked = new ArrayList<>();
                List<TextStream> streams = new ArrayList<>();
                for (int i = 0; i < TOGETHER; i++) {
                    Map<String, Object> schema = schemas.next();
                    asked.add(schema);
                    Grammar grammar = Grammar.jsonSchema(JsonJudge.write(schema));
                    streams.add(model.stream("a", hot(round * TOGETHER + i, grammar)));
                }
                for (int i = 0; i < TOGETHER; i++) {
                    Generation answer = streams.get(i).result();
                    if (answer.finishReason() == FinishReason.LENGTH) {
                        cutOff++;
                        continue;
                    }
                    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
                    assertThat(
                                    new SchemaJudge(asked.get(i))
                                            .isValid(JsonJudge.parse(answer.text())))
                            .as(JsonJudge.write(asked.get(i)) + " for " + answer.text())
                            .isTrue();
                }
            }
        }
        assertThat(cutOff).isLessThanOrEqualTo(SCHEMAS / 20);
    }

    private static GenerationOptions hot(long seed, Grammar grammar) {
        SamplingOptions sampling =
                SamplingOptions.defaults().toBuilder().temperature(2).seed(seed).build();
        return GenerationOptions.defaults()
                .withMaxTokens(TOKENS)
                .withSampling(sampling)
                .withConstraint(OutputConstraint.of(grammar));
    }
}
