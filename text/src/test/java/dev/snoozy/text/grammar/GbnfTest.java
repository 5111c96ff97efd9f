package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class GbnfTest {
    private static String unescaped(String source) {
        return source.replace("␤", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '§',
            value = {
                "`root ::= \"a\\x41\\u00e9\\U0001F600\\n\\t\\r\\\"\\\\\"` § `aAé😀␤\t\r\"\\`",
                "root ::= [a-c\\]\\-^] [^a-c] § ^d",
                "root ::= [^x] § 😀",
                "root ::= [-a] [a-] § -a",
                "root ::= . . § é␤",
                "root ::= \"a\"* \"b\"+ \"c\"? § bb",
                "root ::= \"a\"{2} \"b\"{1,} \"c\"{0,2} § aabbcc",
                "root ::= (\"a\" | \"b\" \"c\")* § abcabc",
                "root ::= x # comment␤# another␤␤x ::= \"y\" § y",
                "root ::=␤  \"a\" |␤  \"b\" § b",
                "root ::= \"a\"␤  | \"b\" § b",
                "root ::= (␤ \"a\"␤ \"b\" # end␤) § ab",
                "my_rule-1 ::= \"x\"␤root ::= my_rule-1 my_rule-1 § xx",
                "root ::= \"a\" | § ``",
            })
    void reads(String source, String text) {
        Grammar grammar = Grammar.gbnf(unescaped(source));
        assertThat(grammar.matches(unescaped(text))).isTrue();
        assertThat(grammar.matches(unescaped(text) + "!!!!")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '§',
            value = {
                "`` § line 1, column 1: found no rule \"root\"",
                "a ::= \"b\" § found no rule \"root\"",
                "root ::= a § column 10: found the rule \"a\", which is not defined",
                "root ::= \"a\"␤root ::= \"b\" § line 2, column 1: found the rule \"root\" a second time",
                "root = \"a\" § found '=', expected ::= behind the name of a rule",
                "root ::= \"a § a text or class without end",
                "root ::= \"a␤\" § a text or class without end",
                "root ::= [a § a text or class without end",
                "root ::= [b-a] § the range b-a",
                "root ::= (\"a\" § found the end, expected ')' at the end of a group",
                "root ::= \"a\") § found ')', expected the end of the rule",
                "root ::= * § something before it to repeat",
                "root ::= \"a\"{2,1} § at least 2 and at most 1",
                "root ::= \"a\"{1 § '}' at the end of the number",
                "root ::= \"a\"{,2} § found ',', expected a number",
                "root ::= \"\\q\" § an unknown escape",
                "root ::= \"\\x4\" § a hexadecimal digit",
                "root ::= \"\\ud800\" § the number D800",
                "root ::= <think> § which begins a token",
                "root ::= root \"a\" | \"b\" § the rule \"root\" begins with itself (root → root)",
                "root ::= a?␤a ::= \" \"* b␤b ::= \"\" a \"x\" § begins with itself (a → b → a)",
                "root ::= \"a\" root § at least one text that fulfils it",
                "root ::= [] § at least one text that fulfils it",
                "% ::= \"a\" § found '%', expected the name of a rule",
            })
    void refusesWithThePlace(String source, String message) {
        assertThatThrownBy(() -> Grammar.gbnf(unescaped(source)))
                .isInstanceOf(TextException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aWayWithoutEndIsNotTaken() {
        Grammar grammar = Grammar.gbnf("root ::= \"a\" | \"b\" x\nx ::= \"c\" x");
        assertThat(grammar.matches("a")).isTrue();
        ListedVocabulary vocabulary = ListedVocabulary.of("a", "b");
        assertThat(TokenGrammar.of(grammar, vocabulary).start().mask().count()).isEqualTo(1);
    }

    @Test
    void grammarsCanBePutTogether() {
        Grammar call =
                Grammar.sequence(
                        Grammar.literal("<tool>"),
                        Grammar.anyOf(List.of(Grammar.json(), Grammar.regex("[0-9]+"))),
                        Grammar.literal("</tool>"));
        Grammar calls = Grammar.repeat(call, 1, Integer.MAX_VALUE);
        assertThat(calls.matches("<tool>{\"a\":1}</tool><tool>12</tool>")).isTrue();
        assertThat(calls.matches("<tool>{\"a\":1}</tool><tool>[]</tool>")).isFalse();
        assertThat(calls.matches("")).isFalse();
    }

    @Test
    void halfASurrogatePairIsInNoText() {
        assertThat(Grammar.gbnf("root ::= .").matches("\uD83D")).isFalse();
        assertThatThrownBy(() -> Grammar.choice(List.of("a", "\uDE00")))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("half a surrogate pair");
    }
}
