package dev.snoozy.curate.dedup;

import java.util.SplittableRandom;

/**
 * Texts of random words, and copies of them with a few words changed; the same for the same seed.
 */
public final class SyntheticTexts {
    private final String[] vocabulary = new String[20_000];
    private final long seed;

    public SyntheticTexts(long seed) {
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < vocabulary.length; i++) {
            StringBuilder word = new StringBuilder();
            int letters = 2 + random.nextInt(8);
            for (int l = 0; l < letters; l++) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            vocabulary[i] = word.append(i % 7).toString();
        }
    }

    /** The words of a text. */
    public String[] words(long number, int count) {
        SplittableRandom random = new SplittableRandom(Mix.mix64(seed ^ Mix.mix64(number)));
        String[] words = new String[count];
        for (int i = 0; i < count; i++) {
            words[i] = vocabulary[random.nextInt(vocabulary.length)];
        }
        return words;
    }

    /** A text: sentences of ten words. */
    public String text(long number, int count) {
        return join(words(number, count));
    }

    /** The text with some of its words exchanged for words that are nowhere else. */
    public String changed(long number, int count, int changes) {
        String[] words = words(number, count);
        SplittableRandom random = new SplittableRandom(Mix.mix64(~number));
        for (int done = 0; done < changes; ) {
            int at = random.nextInt(count);
            if (!words[at].startsWith("new")) {
                words[at] = "new" + number + "x" + done++;
            }
        }
        return join(words);
    }

    private static String join(String[] words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : i % 10 == 0 ? ". " : " ").append(words[i]);
        }
        return text.append('.').toString();
    }
}
