package dev.snoozy.tune;

import dev.snoozy.engine.Network;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

    /** The answers of a learner as it is now. */
    List<TuneSample> sample(Learner learner) {
        Network network = learner.network();
        List<Answer> answers = new ArrayList<>();
        for (Prompt prompt : prompts) {
            answers.add(
                    new Answer(
                            prompt,
                            Math.min(most, network.contextLength() - prompt.tokens.length)));
        }
        List<int[]> texts = prompts.stream().map(Prompt::tokens).toList();
        List<int[]> last = texts.stream().map(text -> new int[] {text.length - 1}).toList();
        try (Network.Pass pass = learner.begin(texts, last)) {
            for (int[] open = open(answers); open.length > 0; open = open(answers)) {
                float[][] scores = learner.scores(pass);
                for (int i = 0; i < open.length; i++) {
                    take(answers.get(open[i]), scores[i]);
                }
                int[] next = open(answers);
                if (next.length > 0) {
                    pass.goOn(next, IntStream.of(next).map(i -> answers.get(i).last()).toArray());
                }
            }
        }
        return answers.stream().map(this::sample).toList();
    }

    private static int[] open(List<Answer> answers) {
        return IntStream.range(0, answers.size()).filter(i -> answers.get(i).goesOn()).toArray();
    }

    private void take(Answer answer, float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        if (tokenizer.vocabulary().endsGeneration(best)) {
            answer.ended = true;
        } else {
            answer.tokens = Arrays.copyOf(answer.tokens, answer.tokens.length + 1);
            answer.tokens[answer.tokens.length - 1] = best;
        }
    }

    private TuneSample sample(Answer answer) {
        return new TuneSample(answer.prompt.text, tokenizer.decode(answer.tokens), answer.ended);
    }
}
