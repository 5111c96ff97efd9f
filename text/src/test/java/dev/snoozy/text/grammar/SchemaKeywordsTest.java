package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaKeywordsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '§',
            value = {
                "`true` § `[{\"a\":[1]}]` § `{`",
                "`{}` § `-1.5e3` § `+1`",
                "`{\"title\":\"t\",\"x-order\":1,\"type\":\"null\"}` § `null` § `nil`",
                "`{\"type\":\"object\"}` § `{\"any\": {\"thing\": []}}` § `[]`",
                "`{\"properties\":{\"a\":{},\"b\":{}}}` § `{\"b\":1}` § `{\"b\":1,\"a\":1}`",
                "`{\"properties\":{\"a\":{\"const\":1}},\"additionalProperties\":{\"const\":2}}`"
                        + " § `{\"a\":1,\"ab\":2,\"\":2}` § `{\"a\":2}`",
                "`{\"properties\":{\"a\":true,\"b\":false}}` § `{\"a\":1}` § `{\"a\":1,\"b\":1}`",
                "`{\"required\":[\"z\"],\"additionalProperties\":{\"const\":2}}`"
                        + " § `{\"z\":2,\"y\":2}` § `{\"y\":2}`",
                "`{\"patternProperties\":{\"^x[0-9]$\":{\"const\":1}}}` § `{\"x1\":1,\"x2\":1}`"
                        + " § `{\"x\":1}`",
                "`{\"additionalProperties\":{\"type\":\"integer\"}}` § `{\"\\u0061\":12}` § `{\"a\":\"b\"}`",
                "`{\"properties\":{\"a\":{}},\"required\":[\"a\"],\"minProperties\":1}` § `{\"a\":0}` § `{}`",
                "`{\"items\":{\"const\":1},\"minItems\":2,\"maxItems\":3}` § `[1, 1,1]` § `[1]`",
                "`{\"items\":{\"const\":1},\"maxItems\":0}` § `[]` § `[1]`",
                "`{\"prefixItems\":[{\"const\":1},{\"const\":2}],\"items\":{\"const\":3}}`"
                        + " § `[1,2,3,3]` § `[2]`",
                "`{\"prefixItems\":[{\"const\":1},{\"const\":2}],\"items\":false}` § `[1]` § `[1,2,3]`",
                "`{\"prefixItems\":[{\"const\":1}],\"items\":{\"const\":3},\"minItems\":2,\"maxItems\":2}`"
                        + " § `[1,3]` § `[1]`",
                "`{\"enum\":[{\"a\":[1,2]},null,\"x\",1.5]}` § `{\"a\": [1, 2]}` § `{\"a\":[1]}`",
                "`{\"type\":\"string\",\"enum\":[\"a\",1]}` § `\"a\"` § `1`",
                "`{\"enum\":[1,2],\"const\":2.0}` § `2.0` § `1`",
                "`{\"type\":[\"string\",\"null\"],\"maxLength\":1}` § `null` § `\"ab\"`",
                "`{\"type\":[\"integer\",\"number\"]}` § `1.5` § `\"1\"`",
                "`{\"minimum\":3}` § `3.0` § `2.99`",
                "`{\"type\":\"integer\",\"minimum\":-12,\"exclusiveMaximum\":105}` § `-7` § `105`",
                "`{\"type\":\"integer\",\"exclusiveMinimum\":1.5,\"maximum\":2.5}` § `2` § `1`",
                "`{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":10}` § `21` § `22`",
                "`{\"type\":\"number\",\"multipleOf\":0.01,\"minimum\":0,\"maximum\":1}` § `0.25` § `0.255`",
                "`{\"type\":\"number\",\"exclusiveMinimum\":0.5,\"exclusiveMaximum\":0.75}`"
                        + " § `0.51` § `0.75`",
                "`{\"type\":\"number\",\"minimum\":-0.5,\"maximum\":-0.25}` § `-0.3` § `0.3`",
                "`{\"type\":\"integer\",\"multipleOf\":0.1}` § `7` § `0.1`",
                "`{\"type\":\"string\",\"pattern\":\"^a+$\",\"minLength\":2,\"maxLength\":3}` § `\"aa\"` § `\"a\"`",
                "`{\"pattern\":\"\\\"\"}` § `\"x\\\"y\"` § `\"x\"`",
                "`{\"format\":\"date\"}` § `\"2023-12-31\"` § `\"2023-02-30\"`",
                "`{\"format\":\"time\"}` § `\"23:59:59.5+01:00\"` § `\"24:00:00Z\"`",
                "`{\"format\":\"duration\"}` § `\"P3DT4H\"` § `\"P\"`",
                "`{\"type\":\"integer\",\"format\":\"int32\"}` § `2147483647` § `2147483648`",
                "`{\"type\":\"integer\",\"format\":\"int32\"}` § `-2147483648` § `-2147483649`",
                "`{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":5}` § `5` § `4`",
                "`{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"}` § `9223372036854775807` §"
                        + " `9223372036854775808`",
                "`{\"type\":[\"string\",\"integer\"],\"format\":\"date\"}` § `7` § `\"7\"`",
                "`{\"type\":\"number\",\"format\":\"double\"}` § `1.5` § `\"1.5\"`",
                "`{\"type\":\"number\",\"format\":\"float\",\"maximum\":2}` § `1.5` § `2.5`",
                "`{\"format\":\"ipv6\"}` § `\"0:0:0:0:0:0:0:1\"` § `\"::g\"`",
                "`{\"format\":\"hostname\"}` § `\"a-b.example\"` § `\"-a\"`",
                "`{\"format\":\"uri\",\"minLength\":1,\"maxLength\":2083}` § `\"https://a.b/c?d=e#f\"` § `\"a\"`",
                "`{\"anyOf\":[{\"type\":\"integer\"},{\"const\":\"a\"}]}` § `\"a\"` § `1.5`",
                "`{\"type\":\"object\",\"properties\":{\"k\":{\"type\":\"string\"}},"
                        + "\"anyOf\":[{\"required\":[\"k\"]},{\"properties\":{\"m\":{}},\"required\":[\"m\"]}]}`"
                        + " § `{\"k\":\"v\",\"m\":1}` § `{}`",
                "`{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}` § `1` § `true`",
                "`{\"oneOf\":[{\"properties\":{\"t\":{\"const\":\"a\"}},\"required\":[\"t\"]},"
                        + "{\"properties\":{\"t\":{\"const\":\"b\"}},\"required\":[\"t\"]}]}`"
                        + " § `{\"t\":\"b\"}` § `{\"t\":\"c\"}`",
                "`{\"oneOf\":[{\"enum\":[1,2]},{\"type\":\"string\"}]}` § `2` § `3`",
                "`{\"allOf\":[{\"type\":[\"integer\",\"string\"],\"minimum\":3},{\"type\":\"number\",\"minimum\":5}]}`"
                        + " § `5` § `4`",
                "`{\"allOf\":[{\"properties\":{\"a\":{\"const\":1}}},{\"properties\":{\"b\":{\"const\":2}}}],"
                        + "\"required\":[\"a\",\"b\"]}` § `{\"a\":1,\"b\":2}` § `{\"a\":1}`",
                "`{\"$defs\":{\"a/b~\":{\"const\":1}},\"$ref\":\"#/$defs/a~1b~0\"}` § `1` § `2`",
                "`{\"$defs\":{\"s\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/s\",\"maxLength\":1}`"
                        + " § `\"a\"` § `\"ab\"`",
                "`{\"properties\":{\"next\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}}}`"
                        + " § `{\"next\":{\"next\":null}}` § `{\"next\":1}`",
            })
    void allows(String schema, String valid, String invalid) {
        Grammar grammar = Grammar.jsonSchema(schema);
        assertThat(grammar.matches(valid)).isTrue();
        assertThat(grammar.matches(invalid)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '§',
            value = {
                "`{\"not\":{}}` § the keyword \"not\", which is not supported",
                "`{\"if\":{}}` § \"if\"",
                "`{\"dependentRequired\":{}}` § \"dependentRequired\"",
                "`{\"unevaluatedProperties\":false}` § \"unevaluatedProperties\"",
                "`{\"contains\":{}}` § \"contains\"",
                "`{\"uniqueItems\":true}` § \"uniqueItems\"",
                "`{\"propertyNames\":{}}` § \"propertyNames\"",
                "`{\"$dynamicRef\":\"#a\"}` § \"$dynamicRef\"",
                "`{\"$anchor\":\"a\"}` § \"$anchor\"",
                "`{\"tpye\":\"string\"}` § \"tpye\"",
                "`{\"properties\":{\"a\":{\"not\":{}}}}` § #/properties/a: found the keyword \"not\"",
                "`{\"format\":\"iri\"}` § the format \"iri\", which is not supported",
                "`{\"type\":\"integer\",\"format\":\"double\"}` § the format \"double\" of an integer",
                "`{\"type\":\"number\",\"format\":\"uuid\"}` § the format \"uuid\" of a number",
                "`{\"type\":\"boolean\",\"format\":\"int32\"}` § the format \"int32\" of neither",
                "`{\"pattern\":\"a(?=b)\"}` § a lookahead",
                "`{\"type\":\"strng\"}` § #/type: found \"strng\"",
                "`{\"type\":[]}` § no type that is allowed",
                "`{\"$ref\":\"http://x/y\"}` § a reference inside this schema",
                "`{\"$ref\":\"#/$defs/x\"}` § a part that this schema has",
                "`{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}` § the schemas 0 and 1",
                "`{\"oneOf\":[{\"properties\":{\"a\":{}}},{\"required\":[\"a\"]}]}` § the schemas 0 and 1",
                "`{\"oneOf\":[{\"properties\":{\"a\":{}}},{\"maxLength\":3}]}` § the schemas 0 and 1",
                "`{\"oneOf\":[{\"const\":1},{\"minLength\":1}]}` § the schemas 0 and 1",
                "`{\"allOf\":[{\"prefixItems\":[{}]},{\"items\":{}}]}` § both in one schema",
                "`{\"anyOf\":[]}` § no schema",
                "`{\"anyOf\":[{}],\"oneOf\":[{}]}` § anyOf and oneOf together",
                "`{\"enum\":[]}` § no value that is allowed",
                "`{\"enum\":[\"a\"],\"maxLength\":1}` § \"maxLength\" beside const or enum",
                "`{\"minimum\":2,\"maximum\":1}` § numbers from 2 to 1",
                "`{\"type\":\"integer\",\"minimum\":1.2,\"maximum\":1.8}` § text that fulfils it",
                "`{\"minLength\":2,\"maxLength\":1}` § more than maxLength",
                "`{\"minItems\":2,\"maxItems\":1}` § more than maxItems",
                "`{\"prefixItems\":[{}],\"items\":false,\"minItems\":2}` § at most the number of prefixItems",
                "`{\"items\":[{}]}` § cure: prefixItems",
                "`{\"minProperties\":1}` § #/minProperties",
                "`{\"maxProperties\":1}` § #/maxProperties",
                "`{\"required\":[\"a\"],\"additionalProperties\":false}` § a required property that must not be",
                "`{\"properties\":{\"a\":{}},\"patternProperties\":{\"b\":{}}}` § one pattern alone",
                "`{\"allOf\":[{\"pattern\":\"a\"},{\"pattern\":\"b\"}]}` § \"pattern\" in two schemas",
                "`{\"allOf\":[{\"properties\":{\"a\":{}},\"additionalProperties\":false},"
                        + "{\"properties\":{\"b\":{}}}]}` § the other property \"b\"",
                "`{\"multipleOf\":0}` § larger than 0",
                "`{\"multipleOf\":0.3}` § an integer of at most 1000, or 0.1",
                "`{\"minLength\":-1}` § an integer, 0 or more",
                "`{\"minLength\":\"1\"}` § an integer, 0 or more",
                "`{\"minimum\":\"1\"}` § a number",
                "`{\"required\":[1]}` § strings only",
                "`{\"properties\":[]}` § a schema: an object",
                "`{\"properties\":{\"a\":1}}` § #/properties/a: found 1",
                "`[]` § #: found [], expected a schema",
                "`false` § text that fulfils it",
                "`{` § byte 1 of the JSON",
                "`{} {}` § the end of the JSON text",
            })
    void refusesByName(String schema, String message) {
        assertThatThrownBy(() -> Grammar.jsonSchema(schema))
                .isInstanceOf(TextException.class)
                .hasMessageContaining(message);
    }
}
