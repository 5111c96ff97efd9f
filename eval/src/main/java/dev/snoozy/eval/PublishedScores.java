package dev.snoozy.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the table that GPT4All published (Anand et al. 2023, table 1), made by {@link
 * Profile#GPT4ALL_2023} with unquantized weights.
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
                    row("Nous-Hermes2", 83.9, 80.7, 80.1, 71.3, 75.7, 52.1, 46.2, 70.0),
                    row("Nous-Puffin", 81.5, 80.7, 80.4, 72.5, 77.6, 50.7, 45.6, 69.9),
                    row("Nous-Hermes", 79.5, 78.9, 80.0, 71.9, 74.2, 50.9, 46.4, 68.8),
                    row("MPT-7B-instruct", 74.3, 80.4, 77.2, 67.8, 72.2, 44.6, 43.0, 65.6),
                    row("GPT4All 13B Snoozy", 83.3, 79.2, 75.0, 71.3, 60.9, 44.2, 43.4, 65.3),
                    row("GPT4All Falcon", 77.6, 79.8, 74.9, 70.1, 67.9, 43.4, 42.6, 65.2),
                    row("Falcon 7B", 73.6, 80.7, 76.3, 67.3, 71.0, 43.3, 44.4, 65.2),
                    row("StableVicuna RLHF", 82.3, 78.6, 74.1, 70.9, 61.0, 43.5, 44.4, 65.0),
                    row("MPT-7B-chat", 77.1, 78.2, 74.5, 67.5, 69.4, 43.3, 44.2, 64.9),
                    row("MPT-7B", 74.8, 79.3, 76.3, 68.6, 70.0, 42.2, 42.6, 64.8),
                    row("GPT4-x-Vicuna 13B", 81.3, 75.0, 75.2, 65.0, 58.7, 43.9, 43.6, 63.2),
                    row("Vicuna 13B", 81.5, 76.8, 73.3, 66.7, 57.4, 42.7, 43.6, 63.1),
                    row("LLaMA 13B", 68.5, 79.1, 76.2, 70.1, 60.0, 44.6, 42.2, 63.0),
                    row("Alpaca LoRA 7B", 74.3, 79.3, 74.0, 68.8, 56.6, 43.9, 42.6, 62.8),
                    row("Alpaca 7B", 73.9, 77.2, 73.9, 66.1, 59.8, 43.3, 43.4, 62.5),
                    row("Wizard 13B Uncensored", 78.4, 75.5, 72.1, 69.5, 57.5, 40.4, 44.0, 62.5),
                    row("Falcon 7B-instruct", 70.9, 78.6, 69.8, 66.7, 67.9, 42.7, 41.2, 62.5),
                    row("Koala 13B", 76.5, 77.9, 72.6, 68.8, 54.3, 41.0, 42.8, 62.0),
                    row("Wizard 7B", 78.4, 77.2, 69.9, 66.5, 56.8, 40.5, 42.6, 61.7),
                    row("LLaMA 7B", 73.1, 77.4, 73.0, 66.9, 52.5, 41.4, 42.4, 61.0),
                    row("Vicuna 7B", 76.6, 77.2, 70.7, 67.3, 53.5, 41.2, 40.8, 61.0),
                    row(
                            "Open Assistant Pythia 12B",
                            67.9,
                            78.0,
                            68.1,
                            65.0,
                            64.2,
                            40.4,
                            43.2,
                            61.0),
                    row("GPT4All LLaMA LoRA 7B", 73.1, 77.6, 72.1, 67.8, 51.1, 40.4, 40.2, 60.3),
                    row("Dolly 6B", 68.8, 77.3, 67.6, 63.9, 62.9, 38.7, 41.2, 60.1),
                    row("Wizard 7B Uncensored", 77.7, 74.2, 68.0, 65.2, 53.5, 38.7, 41.6, 59.8),
                    row("Pythia 12B", 67.7, 76.6, 67.3, 63.8, 63.9, 34.8, 38.0, 58.9),
                    row("GPT4All-J v1.2-jazzy", 74.8, 74.9, 63.6, 63.8, 56.6, 35.3, 41.0, 58.6),
                    row("Dolly 12B", 56.7, 75.4, 71.0, 62.2, 64.6, 38.5, 40.4, 58.4),
                    row("GPT-J 6.7B", 65.4, 76.2, 66.2, 64.1, 62.2, 36.6, 38.2, 58.4),
                    row("GPT4All-J 6B v1.0", 73.4, 74.8, 63.4, 64.7, 54.9, 36.0, 40.2, 58.2),
                    row("GPT4All-J v1.3-groovy", 73.6, 74.3, 63.8, 63.5, 57.7, 35.0, 38.8, 58.1),
                    row("GPT4All-J LoRA 6B", 68.6, 75.8, 66.2, 63.5, 56.4, 35.7, 40.2, 58.1),
                    row("GPT4All-J v1.1-breezy", 74.0, 75.1, 63.2, 63.6, 55.4, 34.9, 38.4, 57.8),
                    row("Pythia 6.7B", 63.5, 76.3, 64.0, 61.1, 61.3, 35.2, 37.2, 56.9),
                    row("FastChat-T5", 81.5, 64.6, 46.3, 61.8, 49.3, 33.3, 39.4, 53.7),
                    row("StableLM Tuned", 62.5, 71.2, 53.6, 54.8, 52.4, 31.1, 33.4, 51.3),
                    row("StableLM Base", 60.1, 67.4, 41.2, 50.1, 44.9, 27.0, 32.0, 46.1));

    private static PublishedScores row(String model, double... values) {
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < values.length - 1; i++) {
            scores.add(values[i]);
        }
        return new PublishedScores(model, List.copyOf(scores), values[values.length - 1]);
    }
}
