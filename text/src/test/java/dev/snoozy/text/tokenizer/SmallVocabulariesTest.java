package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ids worked out by hand, one small vocabulary of each kind. */
class SmallVocabulariesTest {
    @Test
    void bytePairsMergeByRankWithinWords() {
        Tokenizer tokenizer = SmallVocabularies.tokenizer(SmallVocabularies.bytePair());
        assertThat(tokenizer.encode("hello hello", false, false)).containsExactly(259, 260);
        assertThat(tokenizer.encode("hell", true, false)).containsExactly(263, 258);
        assertThat(tokenizer.encode("hel", false, false)).containsExactly(256, 'l');
        assertThat(tokenizer.encode("é", false, false)).containsExactly(0xC3, 0xA9);
        assertThat(tokenizer.encode("aaaaaaa", false, false)).containsExactly(262, 261, 'a');
        assertThat(tokenizer.encode("x<tool>y", false, false)).containsExactly('x', 265, 'y');
        assertThat(tokenizer.decode(new int[] {259, 260, 265})).isEqualTo("hello hello<tool>");
    }

    @Test
    void sentencePiecesMergeByScoreAndFallBackToBytes() {
        Tokenizer tokenizer = SmallVocabularies.tokenizer(SmallVocabularies.sentencePiece());
        assertThat(tokenizer.encode("hello", true, false)).containsExactly(1, 263);
        assertThat(tokenizer.encode("hello hello", false, false)).containsExactly(263, 263);
        assertThat(tokenizer.encode("€", false, false))
                .containsExactly(264, 3 + 0xE2, 3 + 0x82, 3 + 0xAC);
        assertThat(tokenizer.encode("hello</s>", false, true)).containsExactly(263, 2);
        assertThat(tokenizer.decode(tokenizer.encode(" hello  €", false, false)))
                .isEqualTo(" hello  €");
    }

    @Test
    void wordPiecesAreTheLongestFromTheLeft() {
        Tokenizer tokenizer = SmallVocabularies.tokenizer(SmallVocabularies.wordPiece());
        assertThat(tokenizer.encode("Hello, WORLD!", true, false))
                .containsExactly(2, 5, 12, 8, 13, 3);
        assertThat(tokenizer.encode("hellohello a", false, false)).containsExactly(1, 9);
        assertThat(tokenizer.encode("héllo aaing 中文", false, false))
                .containsExactly(5, 9, 10, 11, 14, 15);
        assertThat(tokenizer.encode("", true, false)).containsExactly(2, 3);
    }

    @Test
    void unigramsHaveTheBestSum() {
        Tokenizer tokenizer = SmallVocabularies.tokenizer(SmallVocabularies.unigram());
        assertThat(tokenizer.encode("hello", true, false)).containsExactly(4, 1);
        assertThat(tokenizer.encode("  hello   aa ", false, false)).containsExactly(4, 3, 12);
        assertThat(tokenizer.encode("hellohello", false, false)).containsExactly(4, 5, 6);
        assertThat(tokenizer.encode("xyz", false, false)).containsExactly(3, 2);
    }
}
