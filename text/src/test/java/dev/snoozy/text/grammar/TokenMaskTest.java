package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class TokenMaskTest {
    private static final String LETTERS = "ab{}\"\\,:1é😀 ";

    private static final List<Grammar> GRAMMARS =
            List.of(
                    Grammar.json(),
                    Grammar.gbnf("root ::= \"(\" root \")\" | [ab1é]* | \"{\" root \"}\" root"),
                    Grammar.gbnf(
                            "root ::= x* \"b\"\nx ::= y y?\ny ::= \"a\" | \"ab\" | z\nz ::= \"\\\"\"?"),
                    Grammar.regex("(a|b)*a(a|b){3}"),
                    Grammar.regex("[^ab]{0,5}"),
                    Grammar.regex("([ab]{0,60}|.{30,50})*1"),
                    Grammar.jsonSchema("{\"type\":\"string\",\"minLength\":5,\"maxLength\":44}"),
                    Grammar.choice(List.of("a", "ab", "abab", "é😀", "😀", "")),
                    Grammar.jsonSchema(
                            """
                            {"properties":{"a":{"type":"string","maxLength":3},"b":{"type":"integer"}},
                             "additionalProperties":{"type":"array","items":{"$ref":"#"}}}\
                            """));

    @Test
    void aMaskAllowsJustTheTokensThatTheGrammarTakes() {
        Random random = new Random(1);
        for (int round = 0; round < 90; round++) {
            Grammar grammar = GRAMMARS.get(round % GRAMMARS.size());
            ListedVocabulary vocabulary = ListedVocabulary.random(random, LETTERS);
            GrammarWalk walk = TokenGrammar.of(grammar, vocabulary).start();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int step = 0; step < 25; step++) {
                List<Integer> allowed = requireMaskIsRight(walk, grammar, vocabulary, text);
                if (allowed.isEmpty()) {
                    break;
                }
                int token = allowed.get(random.nextInt(allowed.size()));
                walk.accept(token);
                text.writeBytes(vocabulary.bytes(token));
            }
            text.writeBytes(walk.shortestCompletion());
            assertThat(grammar.matches(text.toString(StandardCharsets.UTF_8))).isTrue();
        }
    }

    /** Judges each token by a machine that has read the whole text again. */
    private static List<Integer> requireMaskIsRight(
            GrammarWalk walk,
            Grammar grammar,
            ListedVocabulary vocabulary,
            ByteArrayOutputStream text) {
        TokenMask mask = walk.mask();
        List<Integer> allowed = new ArrayList<>();
        Machine machine = new Machine(grammar.automaton());
        StackSet at = machine.next(machine.start(), text.toByteArray());
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            boolean takes = bytes.length > 0 && !machine.next(at, bytes).isDead();
            boolean expected = token == ListedVocabulary.END ? at.ended : takes;
            assertThat(mask.allows(token))
                    .as("token " + token + " after " + text)
                    .isEqualTo(expected);
            assertThat(walk.accepts(token)).isEqualTo(expected);
            if (takes) {
                allowed.add(token);
            }
        }
        assertThat(walk.mayEnd()).isEqualTo(at.ended);
        int count = 0;
        for (int token = mask.next(0); token >= 0; token = mask.next(token + 1)) {
            assertThat(mask.allows(token)).isTrue();
            count++;
        }
        assertThat(count).isEqualTo(mask.count());
        return allowed;
    }

    @Test
    void controlTokensAndTokensOutsideTheVocabularyAreNeverAllowed() {
        ListedVocabulary vocabulary = ListedVocabulary.of("a", "<call>");
        GrammarWalk walk = TokenGrammar.of(Grammar.regex("[a<>cl]+"), vocabulary).start();
        assertThat(walk.mask().allows(1)).isFalse();
        assertThat(walk.mask().allows(3)).isTrue();
        assertThat(walk.mask().allows(-1)).isFalse();
        assertThat(walk.mask().allows(4)).isFalse();
        assertThat(walk.accepts(4)).isFalse();
        assertThatThrownBy(() -> walk.accept(1))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("token 1: expected one that the grammar allows");
    }

    @Test
    void tokensOfTheSameBytesAreAllAllowed() {
        ListedVocabulary vocabulary = ListedVocabulary.of("a", "a", "b", "a");
        TokenMask mask = TokenGrammar.of(Grammar.literal("a"), vocabulary).start().mask();
        assertThat(mask.count()).isEqualTo(3);
        assertThat(mask.allows(vocabulary.token("b"))).isFalse();
    }

    @Test
    void theShortestEndOfATextIsTheShortest() {
        ListedVocabulary vocabulary = ListedVocabulary.of("{", "\"a\":", "[", "]}", "]", "}");
        Grammar grammar =
                Grammar.jsonSchema(
                        """
                        {"properties":{"a":{"type":"array","items":{"type":"string"}}},
                         "required":["a"],"additionalProperties":false}\
                        """);
        GrammarWalk walk = TokenGrammar.of(grammar, vocabulary).start();
        assertThat(new String(walk.shortestCompletion(), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":[]}");
        assertThat(walk.shortestLength()).isEqualTo(8);
        walk.accept(vocabulary.token("{"));
        assertThat(walk.closingTokens(3)).isPresent();
        assertThat(walk.closingTokens(2)).isEmpty();
        assertThat(walk.closingTokens(3).orElseThrow())
                .containsExactly(
                        vocabulary.token("\"a\":"), vocabulary.token("["), vocabulary.token("]}"));
    }

    @Test
    void aCopyGoesOnAlone() {
        ListedVocabulary vocabulary = ListedVocabulary.of("a", "b");
        GrammarWalk walk = TokenGrammar.of(Grammar.choice(List.of("a", "b")), vocabulary).start();
        GrammarWalk copy = walk.copy();
        copy.accept(vocabulary.token("a"));
        assertThat(copy.isComplete()).isTrue();
        assertThat(walk.isComplete()).isFalse();
    }

    @Test
    void aGrammarIsPutOverAVocabularyOnce() {
        ListedVocabulary vocabulary = ListedVocabulary.of("a");
        Grammar grammar = Grammar.literal("a");
        assertThat(TokenGrammar.of(grammar, vocabulary))
                .isSameAs(TokenGrammar.of(grammar, vocabulary))
                .isNotSameAs(TokenGrammar.after(List.of("x"), grammar, vocabulary));
    }
}
