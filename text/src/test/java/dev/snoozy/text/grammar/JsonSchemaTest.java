package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.json.JsonJudge;
import dev.snoozy.testkit.json.RandomSchemas;
import dev.snoozy.testkit.json.SchemaJudge;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Random;

class JsonSchemaTest {
    private final Random random = new Random(11);

    @Test
    void everyValueThatFulfilsARandomSchemaIsAllowedAndNothingElse() {
        RandomSchemas schemas = new RandomSchemas(7);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            Map<String, Object> schema = schemas.next();
            String source = JsonJudge.write(schema);
            Grammar grammar = Grammar.jsonSchema(source);
            SchemaJudge judge = new SchemaJudge(schema);
            for (int i = 0; i < 10; i++) {
                Object value = schemas.value(schema);
                String compact = JsonJudge.write(value);
                assertThat(grammar.matches(compact)).as(source + " on " + compact).isTrue();
                String spaced = JsonJudge.write(value, ", ", ": ");
                assertThat(grammar.matches(spaced)).as(source + " on " + spaced).isTrue();
                for (int j = 0; j < 10; j++) {
                    String changed = changed(compact);
                    boolean valid = isValid(judge, changed);
                    refused += valid ? 0 : 1;
                    if (!valid) {
                        assertThat(grammar.matches(changed))
                                .as(source + " on " + changed)
                                .isFalse();
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    private static boolean isValid(SchemaJudge judge, String text) {
        try {
            return judge.isValid(JsonJudge.parse(text));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            return false;
        }
    }

    /** The text with a character left out, put in, doubled or replaced. */
    private String changed(String text) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(3));
        String letters = "{}[]\",:-0123456789.eatrufns \\";
        int letter = random.nextInt(letters.length() + 1);
        String put = letter == letters.length() ? "" : letters.substring(letter, letter + 1);
        return text.substring(0, at) + put + text.substring(to);
    }
}
