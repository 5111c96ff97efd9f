package dev.snoozy.tune;

import dev.snoozy.engine.Network;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Generates answers with the network that is trained, all prompts together, taking the likeliest
 * token each time.
 */
final class Sampler {
    private final Tokenizer tokenizer;
    private final List<Prompt> prompts;
    private final int most;

    /**
     * What is asked.
     *
     * @param text as it was said
     * @param tokens as the model sees it
     */
    record Prompt(String text, int[] tokens) {}

    /**
     * A sampler.
     *
     * @param most tokens of an answer
     */
    Sampler(Tokenizer tokenizer, List<Prompt> prompts, int most) {
        this.tokenizer = tokenizer;
        this.prompts = List.copyOf(prompts);
        this.most = most;
    }

    boolean isEmpty() {
        return prompts.isEmpty();
    }

    /** An answer so far. */
    private static final class Answer {
        private final Prompt prompt;
        private final int room;
        private int[] tokens = {};
        private boolean ended;

        Answer(Prompt prompt, int room) {
            this.prompt = prompt;
            this.room = room;
        }

        boolean goesOn() {
            return !ended && tokens.length < room;
        }

        int last() {
            return tokens[tokens.length - 1];
        }
    }

    /** Answers by a network; what its kernels hold is given back. */
    List<TuneSample> sample(Network network, Kernels kernels) {
        List<Answer> answers = new ArrayList<>();
        for (Prompt prompt : prompts) {
            int room = Math.min(most, network.contextLength() - prompt.tokens.length);
            answers.add(new Answer(prompt, room));
        }
        List<int[]> texts = prompts.stream().map(Prompt::tokens).toList();
        List<int[]> last = texts.stream().map(text -> new int[] {text.length - 1}).toList();
        try (Network.Pass pass = network.begin(texts, last)) {
            int[] open = open(answers);
            take(pass, kernels, answers, new int[0]);
            for (open = open(answers); open.length > 0; open = open(answers)) {
                int[] next = new int[open.length];
                for (int i = 0; i < next.length; i++) {
                    next[i] = answers.get(open[i]).last();
                }
                pass.goOn(open, next);
                take(pass, kernels, answers, open);
            }
        }
        return answers.stream().map(this::sample).toList();
    }
}
