package dev.snoozy.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which texts each step learns: every epoch goes through all of them in an order of its own, that
 * follows from the seed alone, so that a resumed run goes on with the same texts.
 */
final class Batches {
    private final List<Sample> samples;
    private final int batch;
    private final int together;
    private final long seed;
    private int epoch = -1;
    private int[] order = {};

    Batches(List<Sample> samples, int batch, int together, long seed) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.together = together;
        this.seed = seed;
    }

    /** Steps that go through all texts once; the last may have fewer. */
    int stepsPerEpoch() {
        return (samples.size() + batch - 1) / batch;
    }

    /** The numbers of the texts of a step, from 0. */
    int[] texts(int step) {
        int wanted = step / stepsPerEpoch();
        if (wanted != epoch) {
            order = shuffled(samples.size(), seed + wanted);
            epoch = wanted;
        }
        int from = step % stepsPerEpoch() * batch;
        return Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
    }

    static int[] shuffled(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[i];
            order[i] = order[j];
            order[j] = other;
        }
        return order;
    }

    /** The texts of a step in groups that are evaluated together, each a row of texts. */
    List<List<Sample>> groups(int step) {
        List<Sample> texts = new ArrayList<>();
        for (int i : texts(step)) {
            texts.add(samples.get(i));
        }
        return groups(texts, together);
    }

    /**
     * Groups of texts of at most so many tokens; a longer text is alone. They are packed without a
     * gap and see nothing of each other.
     */
    static List<List<Sample>> groups(List<Sample> texts, int together) {
        List<List<Sample>> groups = new ArrayList<>();
        List<Sample> group = new ArrayList<>();
        int tokens = 0;
        for (Sample text : texts) {
            if (!group.isEmpty() && tokens + text.tokens().length > together) {
                groups.add(group);
                group = new ArrayList<>();
                tokens = 0;
            }
            group.add(text);
            tokens += text.tokens().length;
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }
}
