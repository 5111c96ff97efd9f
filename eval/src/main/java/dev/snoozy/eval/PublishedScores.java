package dev.snoozy.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the table that GPT4All published (Anand et al. 2023, figure 1, and the tables of its
 * model cards), made by {@link Profile#GPT4ALL_2023} with unquantized weights.
 *
 * @param model its name
 * @param scores in percent, in the order of {@link Task}
 * @param average as it was printed
 */
public record PublishedScores(String model, List<Double> scores, double average) {
    /** The rows, best average first. */
    public static final List<PublishedScores> ROWS =
            List.of(
                    row("text-davinci-003", 88.1, 83.8, 83.4, 75.8, 83.9, 63.9, 51.0, 75.7),
                    row("GPT4All-13B-snoozy", 83.3, 79.2, 75.0, 71.3, 60.9, 44.2, 43.4, 65.3),
                    row("GPT4All-Falcon", 77.6, 79.8, 74.9, 70.1, 67.9, 43.4, 42.6, 65.2),
                    row("Falcon-7B", 73.6, 80.7, 76.3, 67.3, 71.0, 43.3, 44.4, 65.2),
                    row("MPT-7B", 74.8, 79.3, 76.3, 68.6, 70.0, 42.2, 42.6, 64.8),
                    row("Vicuna-13B", 81.5, 76.8, 73.3, 66.7, 57.4, 42.7, 43.6, 63.1),
                    row("LLaMA-13B", 68.5, 79.1, 76.2, 70.1, 60.0, 44.6, 42.2, 63.0),
                    row("LLaMA-7B", 73.1, 77.4, 73.0, 66.9, 52.5, 41.4, 42.4, 61.0),
                    row("LLaMA-LoRA-7B", 73.1, 77.6, 72.1, 67.8, 51.1, 40.4, 40.2, 60.3),
                    row("Pythia-12B", 67.7, 76.6, 67.3, 63.8, 63.9, 34.8, 38.0, 58.9),
                    row("GPT-J-6B", 65.4, 76.2, 66.2, 64.1, 62.2, 36.6, 38.2, 58.4),
                    row("GPT4All-J-v1.0", 73.4, 74.8, 63.4, 64.7, 54.9, 36.0, 40.2, 58.2),
                    row("GPT4All-J-v1.3-groovy", 73.6, 74.3, 63.8, 63.5, 57.7, 35.0, 38.8, 58.1),
                    row("GPT4All-J-LoRA-6B", 68.6, 75.8, 66.2, 63.5, 56.4, 35.7, 40.2, 58.1));

    private static PublishedScores row(String model, double... values) {
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < values.length - 1; i++) {
            scores.add(values[i]);
        }
        return new PublishedScores(model, List.copyOf(scores), values[values.length - 1]);
    }
}
