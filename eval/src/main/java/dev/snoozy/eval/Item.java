package dev.snoozy.eval;

import java.util.List;

/**
 * A question as it is put to a model.
 *
 * @param index its position in the whole set
 * @param gold the right answer's position
 * @param choices the answers
 */
record Item(int index, int gold, List<Choice> choices) {
    /**
     * An answer.
     *
     * @param context what stands before it
     * @param continuation what is scored, with the blank before it
     * @param text the answer alone, whose length in characters normalises the score
     */
    record Choice(String context, String continuation, String text) {}
}
