package dev.snoozy.kernels;

import java.util.List;

/**
 * The rows of a batch by texts, each of which a recurrent layer goes through in order.
 *
 * @param runs in the order of their rows, which are all rows of the batch
 */
public record StateRuns(List<Run> runs) {
    /**
     * Rows of one text.
     *
     * @param row the first
     * @param count how many
     * @param page of the text's state, which has no other owner
     * @param fresh whether the text begins here: what the page holds is then of no meaning
     */
    public record Run(int row, int count, int page, boolean fresh) {}

    public StateRuns {
        runs = List.copyOf(runs);
    }
}
