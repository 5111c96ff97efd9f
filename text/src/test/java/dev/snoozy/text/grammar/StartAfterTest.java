package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class StartAfterTest {
    private static final Grammar DIGITS = Grammar.regex("[0-9]{2}");

    private static GrammarWalk walk(ListedVocabulary vocabulary, String... tokens) {
        GrammarWalk walk =
                TokenGrammar.after(List.of("<call>", "</think>"), DIGITS, vocabulary).start();
        for (String token : tokens) {
            walk.accept(vocabulary.token(token));
        }
        return walk;
    }

    @Test
    void inFreeTextEveryTokenMayCome() {
        ListedVocabulary vocabulary = ListedVocabulary.of("1", "<", "ca", "x", "\u00e9");
        GrammarWalk walk = walk(vocabulary, "x", "<", "ca");
        assertThat(walk.isFree()).isTrue();
        assertThat(walk.mayEnd()).isTrue();
        assertThat(walk.isComplete()).isFalse();
        assertThat(walk.mask().count()).isEqualTo(vocabulary.size());
    }

    @Test
    void theTextIsFoundAcrossTokens() {
        ListedVocabulary vocabulary = ListedVocabulary.of("1", "<", "ca", "ll>", "<c", "x");
        for (String[] way :
                new String[][] {{"x", "<", "ca", "ll>"}, {"<c", "<", "<", "ca", "ll>"}}) {
            GrammarWalk walk = walk(vocabulary, way);
            assertThat(walk.isFree()).isFalse();
            assertThat(walk.mayEnd()).isFalse();
            assertThat(walk.mask().count()).isEqualTo(1);
            assertThat(walk.mask().allows(vocabulary.token("1"))).isTrue();
        }
    }

    @Test
    void whatStandsBehindTheTextInItsTokenMustFulfilTheGrammar() {
        ListedVocabulary vocabulary = ListedVocabulary.of("</think>1", "</think>x", "2");
        TokenMask mask = walk(vocabulary).mask();
        assertThat(mask.allows(vocabulary.token("</think>1"))).isTrue();
        assertThat(mask.allows(vocabulary.token("</think>x"))).isFalse();
        assertThat(walk(vocabulary, "</think>1", "2").isComplete()).isTrue();
    }

    @Test
    void aControlTokenOfThatNameStartsTheGrammar() {
        ListedVocabulary vocabulary = ListedVocabulary.of("1", "x");
        GrammarWalk walk = walk(vocabulary, "x");
        assertThat(walk.mask().allows(1)).isTrue();
        walk.accept(1);
        assertThat(walk.isFree()).isFalse();
        assertThat(walk.mask().allows(1)).isFalse();
        assertThat(walk.mask().count()).isEqualTo(1);
    }

    @Test
    void theSearchFindsWhatAPlainSearchFinds() {
        Random random = new Random(3);
        List<String> texts = List.of("aab", "ab", "bb", "caa");
        Grammar none = Grammar.literal("!");
        ListedVocabulary vocabulary = ListedVocabulary.of("a", "b", "c", "!");
        for (int round = 0; round < 300; round++) {
            GrammarWalk walk = TokenGrammar.after(texts, none, vocabulary).start();
            StringBuilder text = new StringBuilder();
            while (walk.isFree() && text.length() < 12) {
                String letter = String.valueOf("abc".charAt(random.nextInt(3)));
                walk.accept(vocabulary.token(letter));
                text.append(letter);
                assertThat(walk.isFree())
                        .isEqualTo(texts.stream().noneMatch(t -> text.indexOf(t) >= 0));
            }
        }
    }

    @Test
    void refusesNoTextAndAnEmptyOne() {
        ListedVocabulary vocabulary = ListedVocabulary.of("a");
        for (List<String> texts : List.of(List.<String>of(), List.of("a", ""))) {
            assertThatThrownBy(() -> TokenGrammar.after(texts, DIGITS, vocabulary))
                    .isInstanceOf(TextException.class)
                    .hasMessageContaining("expected at least one, none of them empty");
        }
    }
}
