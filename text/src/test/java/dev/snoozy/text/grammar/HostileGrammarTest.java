package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;

/**
 * Sources that are to take much memory or time. The limits of time are far above what is needed.
 */
@Timeout(60)
class HostileGrammarTest {
    private static void requireRefused(ThrowingCallable source, String message) {
        assertThatThrownBy(source).isInstanceOf(TextException.class).hasMessageContaining(message);
    }

    @Test
    void repetitionsAreCounted() {
        requireRefused(() -> Grammar.regex("a{0,1000000}"), "found 1000000 repetitions");
        requireRefused(() -> Grammar.regex("a{99999999999999999999}"), "repetitions");
        requireRefused(() -> Grammar.regex("a{500000}"), "found 500000 repetitions");
        requireRefused(
                () -> Grammar.regex("((a{0,999}){0,999}){0,999}"), "more than 500000 states");
        requireRefused(() -> Grammar.gbnf("root ::= x{300000}\nx ::= \"a\"{300000}"), "states");
        assertThat(Grammar.regex("(){499999}((){9}){9999}").matches("")).isTrue();
        assertThat(Grammar.regex("((a?){0,30}){0,30}").matches("a".repeat(50))).isTrue();
        Grammar wide = Grammar.regex("((a?){0,99}){0,99}");
        requireRefused(() -> wide.matches("a"), "ways to go on at the same time");
    }

    @Test
    void repetitionsOfNothingEnd() {
        for (String pattern : List.of("((a*)*)*", "(a?)*", "(|a)+", "(()*|b?)*a*", "(a*)+(a*)+")) {
            assertThat(Grammar.regex(pattern).matches("aaaa")).isTrue();
            assertThat(Grammar.regex(pattern).matches("aaac")).isFalse();
        }
    }

    @Test
    void groupsWithinEachOtherAreCounted() {
        int deep = 100_000;
        requireRefused(
                () -> Grammar.regex("(".repeat(deep) + ")".repeat(deep)),
                "200 groups in each other");
        requireRefused(
                () -> Grammar.gbnf("root ::= " + "(".repeat(deep)), "200 groups in each other");
        requireRefused(() -> Grammar.jsonSchema("{\"items\":".repeat(deep)), "in each other");
        requireRefused(() -> Grammar.jsonSchema("[".repeat(deep)), "in each other");
    }

    @Test
    void aLongListOfChoicesIsCompiledOrRefused() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            texts.add(Integer.toString(i));
        }
        Grammar grammar = Grammar.choice(texts);
        assertThat(grammar.matches("99999")).isTrue();
        assertThat(grammar.matches("100000")).isFalse();
        texts.replaceAll(text -> text + "-".repeat(20));
        requireRefused(() -> Grammar.choice(texts), "more than 500000 states");
        requireRefused(() -> Grammar.literal("a".repeat(5_000_000)), "expected at most");
        requireRefused(() -> Grammar.literal("a".repeat(600_000)), "states");
    }

    @Test
    void patternsWithManySubsetsAreFollowedWithoutThem() {
        Grammar grammar = Grammar.regex("(a|b)*a(a|b){40}");
        assertThat(grammar.matches("a" + "b".repeat(40))).isTrue();
        assertThat(grammar.matches("b" + "b".repeat(40))).isFalse();
    }

    @Test
    void rulesThatDoubleEachOtherAreMeasured() {
        StringBuilder source = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 64; i++) {
            source.append("r%d ::= r%d r%d\n".formatted(i, i + 1, i + 1));
        }
        requireRefused(() -> Grammar.gbnf(source + "r64 ::= \"x\""), "shortest text of at most");
        Grammar empty = Grammar.gbnf(source + "r64 ::= \"\"");
        requireRefused(() -> empty.matches(""), "ways to go on at the same time");
    }

    @Test
    void manyRulesAndLongChainsAreFollowed() {
        StringBuilder source = new StringBuilder("root ::= \"y\" | r0\n");
        for (int i = 0; i < 20_000; i++) {
            source.append("r%d ::= \"a\" r%d\n".formatted(i, i + 1));
        }
        Grammar chain = Grammar.gbnf(source + "r20000 ::= \"x\"");
        assertThat(chain.matches("a".repeat(20_000) + "x")).isTrue();
        assertThat(Grammar.gbnf(source + "r20000 ::= r0").matches("y")).isTrue();
        String noBytes = source.toString().replace("\"a\" ", "");
        Grammar calls = Grammar.gbnf(noBytes + "r20000 ::= \"x\"");
        requireRefused(() -> calls.matches("x"), "ways to go on at the same time");
        requireRefused(() -> Grammar.gbnf(noBytes + "r20000 ::= r0"), "begins with itself");
    }

    @Test
    void ambiguityIsCounted() {
        Grammar doubled =
                Grammar.gbnf("root ::= \"a\" x root? \"b\" | \"a\" root? x \"c\"\nx ::= \"a\"?");
        requireRefused(() -> doubled.matches("a".repeat(200)), "at the same time");
    }

    @Test
    void callsWithinEachOtherAreCounted() {
        Grammar nested = Grammar.gbnf("root ::= \"(\" root \")\" | \"x\"");
        assertThat(nested.matches("(".repeat(1000) + "x" + ")".repeat(1000))).isTrue();
        requireRefused(() -> nested.matches("(".repeat(3000)), "2000 rules of the grammar");
        Grammar right = Grammar.gbnf("root ::= \"a\" root | \"b\"");
        assertThat(right.matches("a".repeat(100_000) + "b")).isTrue();
    }

    @Test
    void circlesOfSchemasAreRefused() {
        requireRefused(() -> Grammar.jsonSchema("{\"$ref\":\"#\"}"), "text that fulfils it");
        requireRefused(
                () -> Grammar.jsonSchema("{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}"),
                "begins with itself");
        requireRefused(
                () -> Grammar.jsonSchema("{\"allOf\":[{\"$ref\":\"#\"}]}"), "a part of itself");
        requireRefused(
                () ->
                        Grammar.jsonSchema(
                                "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}"),
                "text that fulfils it");
    }

    @Test
    void schemasThatMultiplyAreCounted() {
        StringBuilder source = new StringBuilder("{\"$defs\":{");
        for (int i = 0; i < 30; i++) {
            source.append(
                    "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]},"
                            .formatted(i, i + 1, i + 1));
        }
        source.append("\"d30\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/d0\"}");
        requireRefused(() -> Grammar.jsonSchema(source.toString()), "100000 parts");
    }

    @Test
    void numbersOfSchemasAreBounded() {
        requireRefused(
                () -> Grammar.jsonSchema("{\"type\":\"string\",\"maxLength\":99999999}"),
                "fewer than");
        requireRefused(
                () -> Grammar.jsonSchema("{\"type\":\"string\",\"maxLength\":400000}"), "states");
        requireRefused(
                () -> Grammar.jsonSchema("{\"type\":\"integer\",\"minimum\":1e300}"), "60 digits");
        requireRefused(
                () -> Grammar.jsonSchema("{\"type\":\"integer\",\"maximum\":1e999}"), "beyond F64");
        requireRefused(
                () -> Grammar.jsonSchema("{\"type\":\"integer\",\"multipleOf\":1e9}"),
                "at most 1000");
    }
}
