package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

class RegexTest {
    private static final List<String> ATOMS =
            List.of(
                    "a",
                    "b",
                    "é",
                    "😀",
                    ".",
                    "[ab]",
                    "[^a]",
                    "[b-é]",
                    "\\d",
                    "\\W",
                    "\\s",
                    "\\.",
                    "[\\d\\-x]",
                    "[^\\w😀]",
                    "\\x61",
                    "\\u00e9",
                    "\\p{L}",
                    "\\P{Lu}",
                    "\\n",
                    "ab");

    private static final List<String> LETTERS =
            List.of("a", "b", "c", "é", "😀", "1", "-", "\n", " ", "A", ".", "_");

    private final Random random = new Random(5);

    private String pattern(int depth) {
        StringBuilder out = new StringBuilder();
        for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
            boolean group = depth > 0 && random.nextInt(3) == 0;
            if (group) {
                out.append(random.nextBoolean() ? "(" : "(?:").append(pattern(depth - 1));
                if (random.nextBoolean()) {
                    out.append('|').append(pattern(depth - 1));
                }
                out.append(')');
            } else {
                String atom = ATOMS.get(random.nextInt(ATOMS.size()));
                out.append(atom.equals("ab") ? "(ab)" : atom);
            }
            out.append(
                    List.of("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?")
                            .get(random.nextInt(11)));
        }
        return out.toString();
    }

    @Test
    void matchesWhatJavasExpressionsMatch() {
        int matched = 0;
        for (int round = 0; round < 400; round++) {
            String pattern = pattern(2);
            Grammar grammar = Grammar.regex(pattern);
            Pattern java = Pattern.compile(pattern, Pattern.UNIX_LINES);
            for (int i = 0; i < 40; i++) {
                StringBuilder text = new StringBuilder();
                for (int size = random.nextInt(7); size > 0; size--) {
                    text.append(LETTERS.get(random.nextInt(LETTERS.size())));
                }
                boolean expected = java.matcher(text).matches();
                matched += expected ? 1 : 0;
                assertThat(grammar.matches(text.toString()))
                        .as(pattern + " on " + text)
                        .isEqualTo(expected);
            }
        }
        assertThat(matched).isGreaterThan(500);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a(?=b),a lookahead",
                "a(?!b),a lookahead",
                "(?<=a)b,a lookbehind",
                "(?<!a)b,a lookbehind",
                "(?>a)b,an atomic group",
                "(a)\\1,a back reference",
                "(?<n>a)\\k<n>,a back reference",
                "a\\b,a word boundary",
                "(?i)a,flags in a group",
                "a++,a possessive repetition",
                "\\p{Greek},the property \\p{Greek}",
                "\\Qa,the escape \\Q",
                "a**,one repetition only",
                "*a,something before it to repeat",
                "(a,a group without end",
                "a),a group to be open",
                "[a,a class without end",
                "[b-a],the range b-a",
                "a{2,the end",
                "`a{3,2}`,at least 3 and at most 2",
                "a^b,^ only at the beginning",
                "a$b,$ only at the end",
                "a\\,a backslash at the end",
                "[a&&b],a class in a class",
                "\\u{110000},the number 110000",
                "\\ud800,the number D800",
                "a{x},a number",
                "a],\\ before it",
            })
    void refusesByName(String pattern, String message) {
        assertThatThrownBy(() -> Grammar.regex(pattern))
                .isInstanceOf(TextException.class)
                .hasMessageStartingWith("regular expression, line 1, column ")
                .hasMessageContaining(message);
    }

    @Test
    void anchorsAroundAnAlternativeChangeNothing() {
        Grammar grammar = Grammar.regex("^ab$|^c|d$");
        for (String text : List.of("ab", "c", "d")) {
            assertThat(grammar.matches(text)).isTrue();
        }
        assertThat(grammar.matches("abc")).isFalse();
    }
}
