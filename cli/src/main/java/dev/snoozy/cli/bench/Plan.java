package dev.snoozy.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be measured.
 *
 * @param tests in the order in which they run
 * @param threads thread counts, each measured with all tests
 * @param warmsUp whether each test is done some times before it is measured
 * @param repetitions how often each test is measured
 */
record Plan(List<Task> tests, List<Integer> threads, boolean warmsUp, int repetitions) {
    /** More than any context holds. */
    private static final int MOST_TOKENS = 1 << 24;

    private static final int MOST_REPETITIONS = 10_000;
    private static final int MOST_THREADS = 1024;
    private static final int MOST_SEQUENCES = 1024;

    /**
     * One test.
     *
     * @param prefill whether the tokens are appended at once, or one by one
     * @param tokens number of appended tokens
     * @param depth number of tokens before them
     * @param sequences number of texts that do so at the same time
     */
    record Task(boolean prefill, int tokens, int depth, int sequences) {
        /** {@code pp512} or {@code tg128}; {@code tg128x4} is four texts at once. */
        String name() {
            return (prefill ? "pp" : "tg") + tokens + (sequences == 1 ? "" : "x" + sequences);
        }

        /** The context length it needs. */
        int context() {
            return depth + tokens;
        }
    }

    /**
     * A plan of all combinations.
     *
     * @param prefill numbers of tokens to append at once; 0 for none
     * @param decode numbers of tokens to append one by one; 0 for none
     * @param depths numbers of tokens before them
     * @param sequences numbers of texts that decode at the same time
     */
    static Plan of(
            List<Integer> prefill,
            List<Integer> decode,
            List<Integer> depths,
            List<Integer> sequences,
            List<Integer> threads,
            boolean warmsUp,
            int repetitions) {
        prefill.forEach(n -> check("--prompt", n, 0, MOST_TOKENS));
        decode.forEach(n -> check("--generate", n, 0, MOST_TOKENS));
        depths.forEach(n -> check("--depth", n, 0, MOST_TOKENS));
        sequences.forEach(n -> check("--sequences", n, 1, MOST_SEQUENCES));
        threads.forEach(n -> check("--threads", n, 1, MOST_THREADS));
        check("--repetitions", repetitions, 1, MOST_REPETITIONS);
        List<Task> tests = new ArrayList<>();
        for (int depth : depths) {
            add(tests, true, prefill, depth, 1);
            sequences.forEach(count -> add(tests, false, decode, depth, count));
        }
        if (tests.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to measure: expected --prompt or --generate above 0");
        }
        return new Plan(tests, List.copyOf(threads), warmsUp, repetitions);
    }

    private static void add(
            List<Task> tests, boolean prefill, List<Integer> counts, int depth, int sequences) {
        for (int tokens : counts) {
            if (tokens > 0) {
                tests.add(new Task(prefill, tokens, depth, sequences));
            }
        }
    }

    private static void check(String option, int found, int least, int most) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(
                    "%s: expected %d to %d, found %d".formatted(option, least, most, found));
        }
    }

    /** The context length that all tests fit into. */
    int context() {
        return tests.stream().mapToInt(Task::context).max().orElseThrow();
    }
}
