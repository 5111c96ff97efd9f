package dev.snoozy.engine;

import dev.snoozy.engine.run.Evaluator;
import dev.snoozy.engine.run.Scheduler;

import java.util.Arrays;

/**
 * Lets a model compute a little when it is loaded, so that the first text is as fast as the tenth:
 * kernels are assembled then, and Java has compiled what drives them.
 */
final class WarmUp {
    /** More than the kernels for few tokens take: quick for a large model too. */
    private static final int FIRST_TOKENS = 16;

    /** Full tiles and a rest in every path, and the memory that a usual prompt takes. */
    private static final int TOKENS = 64;

    private static final int MOST_ROUNDS = 8;

    /** A round is only begun when no more than this has gone by: a large model has but one. */
    private static final long ENOUGH_NANOS = 1_000_000_000;

    private WarmUp() {}

    /** Evaluates a prompt of any tokens and one token after it, several times. */
    static void run(Scheduler scheduler, int contextLength) {
        long begin = System.nanoTime();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int tokens = round == 0 ? FIRST_TOKENS : TOKENS;
            int[] prompt = new int[Math.min(tokens, contextLength - 1)];
            Arrays.setAll(prompt, i -> i % 2);
            try (Evaluator text = new Evaluator(scheduler, contextLength)) {
                if (prompt.length > 0) {
                    text.append(prompt, false);
                }
                text.append(new int[] {0}, false);
            } catch (RuntimeException e) {
                return; // the first text meets it too, and has somebody to tell
            }
            if (System.nanoTime() - begin > ENOUGH_NANOS) {
                return;
            }
        }
    }
}
