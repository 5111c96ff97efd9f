package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was written as bare text becomes JSON of a type that the schema allows. */
class ParameterTypesTest {
    private static final ParameterTypes TYPES =
            ParameterTypes.of(
                    """
                    {"type": "object",
                     "$defs": {"count": {"type": "integer"}, "loop": {"$ref": "#/$defs/loop"}},
                     "properties": {
                       "text": {"type": "string"},
                       "count": {"type": "integer"},
                       "flag": {"type": "boolean"},
                       "list": {"type": "array"},
                       "object": {"type": "object"},
                       "choice": {"enum": ["1", "2"]},
                       "maybe": {"type": ["integer", "null"]},
                       "either": {"anyOf": [{"type": "string"}, {"type": "number"}]},
                       "reference": {"$ref": "#/$defs/count"},
                       "loop": {"$ref": "#/$defs/loop"}}}
                    """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text      | 12            | \"12\"",
                "text      | true          | \"true\"",
                "text      | {\"a\": 1}    | \"{\\\"a\\\": 1}\"",
                "count     | 12            | 12",
                "count     | twelve        | \"twelve\"",
                "count     | \"twelve\"    | \"twelve\"",
                "flag      | True          | true",
                "flag      | false         | false",
                "flag      | 1             | \"1\"",
                "list      | [1, 2]        | [1, 2]",
                "list      | ['a', None]   | [\"a\", null]",
                "list      | [1, 2         | \"[1, 2\"",
                "object    | {'a': True}   | {\"a\": true}",
                "choice    | 1             | \"1\"",
                "maybe     | null          | null",
                "maybe     | None          | null",
                "maybe     | -3            | -3",
                "either    | 1.5           | 1.5",
                "either    | x             | \"x\"",
                "either    | null          | \"null\"",
                "reference | 7             | 7",
                "loop      | 7             | 7",
                "unknown   | 7             | 7",
                "unknown   | 007           | \"007\"",
                "unknown   | null          | null",
                "unknown   | \"x\"         | \"\\\"x\\\"\"",
                "unknown   | {\"a\": 1}    | {\"a\": 1}",
            })
    void becomesJson(String parameter, String written, String json) {
        assertThat(TYPES.json(parameter, written)).isEqualTo(json);
    }
}
