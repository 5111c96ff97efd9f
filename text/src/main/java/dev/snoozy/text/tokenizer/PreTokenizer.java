package dev.snoozy.text.tokenizer;

import java.util.List;

/**
 * How byte-level BPE cuts a text into words before it merges, and what else goes with the name.
 *
 * @param stages the steps, one after the other
 * @param rawText whether tokens are text with U+2581 for spaces instead of GPT-2's byte alphabet
 * @param wholeWords whether a word that is a token is taken whole, whatever the merges say
 * @param addsBos whether a text starts with BOS where the file does not say
 * @param cleansSpaces whether decoding drops spaces before punctuation
 */
record PreTokenizer(
        List<Stage> stages,
        boolean rawText,
        boolean wholeWords,
        boolean addsBos,
        boolean cleansSpaces) {
    static PreTokenizer of(Stage... stages) {
        return new PreTokenizer(List.of(stages), false, false, false, true);
    }

    PreTokenizer onRawText() {
        return new PreTokenizer(stages, true, wholeWords, addsBos, cleansSpaces);
    }

    PreTokenizer takesWholeWords() {
        return new PreTokenizer(stages, rawText, true, addsBos, cleansSpaces);
    }

    PreTokenizer startsWithBos() {
        return new PreTokenizer(stages, rawText, wholeWords, true, cleansSpaces);
    }

    PreTokenizer keepsSpaces() {
        return new PreTokenizer(stages, rawText, wholeWords, addsBos, false);
    }

    /** Cuts a text into words, in order and without gaps. */
    void split(Text text, Stage.Pieces words) {
        split(0, text, 0, text.length(), words);
    }

    private void split(int stage, Text text, int from, int to, Stage.Pieces words) {
        if (stage == stages.size()) {
            words.piece(from, to);
            return;
        }
        stages.get(stage)
                .split(text, from, to, (start, end) -> split(stage + 1, text, start, end, words));
    }
}
