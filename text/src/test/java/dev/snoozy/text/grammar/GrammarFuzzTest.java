package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.json.JsonJudge;
import dev.snoozy.testkit.json.RandomSchemas;
import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Sources with damage in them are used or refused, and nothing else happens. */
class GrammarFuzzTest {
    private static final List<String> GBNF =
            List.of(
                    "root ::= (item | [^a-c\\n]{1,3})+ # comment\nitem ::= \"a\\x41\\\"\" item? | .",
                    "root ::= \"(\" root \")\" |\n x y\nx ::= [a-z]* y\ny ::= \"\" | \"b\"{2,}");
    private static final List<String> REGEX =
            List.of(
                    "^(?:a|b{2,3}c)*[^\\w\\-x-z]+?\\p{Lu}$|\\u{1F600}(?<n>x)",
                    "((a*)*b?){2}[]a]|\\x41.");
    private static final String PIECES =
            "()[]{}|*+?.^$\\\"'-,:=#<>/!&0129azAZ \n\u00e9\uD83D\uDE00\u0000";

    private final Random random = new Random(17);

    private String damaged(String source) {
        StringBuilder text = new StringBuilder(source);
        for (int n = 1 + random.nextInt(3); n > 0 && !text.isEmpty(); n--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(4));
            int piece = random.nextInt(PIECES.length());
            switch (random.nextInt(3)) {
                case 0 -> text.delete(at, to);
                case 1 -> text.insert(at, PIECES.charAt(piece));
                default -> text.insert(random.nextInt(text.length()), text.substring(at, to));
            }
        }
        return text.toString();
    }

    private void requireUsedOrRefused(
            List<String> sources, int rounds, Function<String, Grammar> made) {
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            String source = damaged(sources.get(round % sources.size()));
            try {
                made.apply(source).matches("ab(c)");
            } catch (TextException e) {
                assertThat(e.getMessage()).as(source).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isBetween(rounds / 20, rounds - 1);
    }

    @Test
    void damagedGbnfIsUsedOrRefused() {
        requireUsedOrRefused(GBNF, 4000, Grammar::gbnf);
    }

    @Test
    void damagedExpressionsAreUsedOrRefused() {
        requireUsedOrRefused(REGEX, 4000, Grammar::regex);
    }

    @Test
    void damagedSchemasAreUsedOrRefused() {
        RandomSchemas schemas = new RandomSchemas(5);
        List<String> sources =
                random.ints(200).mapToObj(i -> JsonJudge.write(schemas.next())).toList();
        requireUsedOrRefused(sources, 2000, Grammar::jsonSchema);
    }

    /** Keywords in places and with values where they do not belong. */
    @Test
    void schemasOfAnyKeywordsWithAnyValuesAreUsedOrRefused() {
        List<String> keywords =
                List.of(
                        "type",
                        "enum",
                        "const",
                        "anyOf",
                        "oneOf",
                        "allOf",
                        "$ref",
                        "properties",
                        "required",
                        "additionalProperties",
                        "patternProperties",
                        "items",
                        "prefixItems",
                        "minItems",
                        "maxItems",
                        "minimum",
                        "maximum",
                        "multipleOf",
                        "minLength",
                        "maxLength",
                        "pattern",
                        "format",
                        "minProperties",
                        "$defs");
        List<String> values =
                List.of(
                        "null",
                        "true",
                        "false",
                        "0",
                        "3",
                        "-1",
                        "1.5",
                        "1e30",
                        "\"a\"",
                        "\"object\"",
                        "\"string\"",
                        "\"#\"",
                        "\"#/$defs/a\"",
                        "[]",
                        "{}",
                        "[null]",
                        "[1,2]",
                        "[\"a\"]",
                        "[\"integer\",\"array\"]",
                        "{\"a\":null}",
                        "{\"a\":{}}",
                        "[{}]",
                        "[{\"type\":\"string\"},{\"type\":\"array\"}]",
                        "{\"a\":{\"$ref\":\"#\"}}",
                        "\"^a$\"",
                        "\"date\"",
                        "[{\"properties\":{\"a\":null}}]");
        int refused = 0;
        for (int round = 0; round < 6000; round++) {
            StringBuilder source = new StringBuilder("{\"x-\":0");
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                String keyword = keywords.get(random.nextInt(keywords.size()));
                if (source.indexOf('"' + keyword + "\":") < 0) {
                    String value = values.get(random.nextInt(values.size()));
                    source.append(",\"%s\":%s".formatted(keyword, value));
                }
            }
            try {
                Grammar.jsonSchema(source.append('}').toString()).matches("{}");
            } catch (TextException e) {
                assertThat(e.getMessage()).as(source.toString()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 5900);
    }
}
