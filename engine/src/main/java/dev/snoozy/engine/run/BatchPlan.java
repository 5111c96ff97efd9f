package dev.snoozy.engine.run;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.kernels.Kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose tokens go into the next batch, and how many: a row for every job that decodes, and one for
 * each token that was guessed for it, then parts of prompts (chunked prefill, Agrawal et al. 2023,
 * Sarathi). Half of the rows for prompts go to the one whose turn is first; the other half goes
 * round, so that a short prompt comes to its end beside long ones.
 *
 * @param rows tokens per job, in the order in which they stand in the batch
 */
public record BatchPlan(Map<Job, Integer> rows) {
    /** The most rows of a batch. */
    public static final int MOST_ROWS = 256;

    /**
     * The most rows of prompts beside jobs that decode, which wait so long for their next token. As
     * many as are needed for products to be bound by arithmetic rather than by reading weights.
     */
    static final int MOST_PROMPT_ROWS = 64;

    /** The fewest rows that are worth a prompt's while. */
    static final int FEWEST_PROMPT_ROWS = 16;

    /**
     * A plan for the next batch.
     *
     * @param active jobs with waiting tokens, those that have waited longest for a batch first
     * @param causal whether a prompt may be evaluated in parts; an encoder sees its text from both
     *     sides, so all of it at once, however long
     */
    static BatchPlan of(List<Job> active, boolean causal) {
        Map<Job, Integer> rows = new LinkedHashMap<>();
        if (causal) {
            List<Job> prompts = active.stream().filter(job -> due(job) > 1).toList();
            List<Job> decoding = active.stream().filter(job -> due(job) == 1).toList();
            int room = MOST_ROWS - (prompts.isEmpty() ? 0 : MOST_PROMPT_ROWS);
            int guesses = Math.max(0, room - decoding.size());
            for (Job job : decoding.subList(0, Math.min(room, decoding.size()))) {
                int tried = Math.min(guesses, job.guessed());
                rows.put(job, 1 + tried);
                guesses -= tried;
            }
            share(prompts, rows.isEmpty() ? MOST_ROWS : MOST_PROMPT_ROWS, rows);
        } else {
            whole(active, rows);
        }
        return new BatchPlan(Collections.unmodifiableMap(rows));
    }

    /** Tokens that are sure to be of the text. */
    private static int due(Job job) {
        return job.pending() - job.guessed();
    }

    private static void share(List<Job> prompts, int room, Map<Job, Integer> rows) {
        List<Job> line = new ArrayList<>(prompts);
        line.stream()
                .min(Comparator.comparing(Job::turn))
                .ifPresent(first -> {
                    line.remove(first);
                    line.addFirst(first);
                });
        int left = room;
        int others = line.size();
        for (Job job : line) {
            boolean half = others == line.size() && others > 1;
            int part = half ? room / 2 : Math.max(FEWEST_PROMPT_ROWS, left / others);
            left -= give(job, Math.min(part, left), rows);
            others--;
        }
        for (Job job : line) { // what the short ones have left over
            left -= give(job, left, rows);
        }
    }

    /** Gives rows to a job; returns how many it had use for. */
    private static int give(Job job, int most, Map<Job, Integer> rows) {
        int count = Math.min(most, job.pending() - rows.getOrDefault(job, 0));
        if (count > 0) {
            rows.merge(job, count, Integer::sum);
        }
        return count;
    }

    private static void whole(List<Job> active, Map<Job, Integer> rows) {
        int room = MOST_ROWS;
        for (Job job : active) {
            if (job.pending() > 0 && (rows.isEmpty() || job.pending() <= room)) {
                rows.put(job, job.pending());
                room -= job.pending();
            }
        }
    }

    /** The jobs that have a part in the batch. */
    List<Job> jobs() {
        return new ArrayList<>(rows.keySet());
    }

    /** Rows of all jobs. */
    int allRows() {
        return rows.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether all jobs decode: each has one row, and its guesses. */
    boolean decodes() {
        return rows.entrySet().stream()
                .allMatch(part -> part.getValue() <= 1 + part.getKey().guessed());
    }

    /** How many rows a job has. */
    int rows(Job job) {
        return rows.getOrDefault(job, 0);
    }

    /** Bytes of memory that the batch would take. */
    long bytes() {
        return rows.entrySet().stream()
                .mapToLong(part -> part.getKey().sequence().bytesToExtend(part.getValue()))
                .sum();
    }

    /** The batch; the jobs' sequences are extended for it. */
    Batch batch(Kernels kernels, Memory memory) {
        Batch.Builder batch = new Batch.Builder(kernels, memory);
        rows.forEach((job, count) -> {
            batch.sequence(job.sequence(), count);
            for (int i = 0; i < count; i++) {
                batch.row(job.token(i), job.wants(i));
            }
        });
        return batch.build();
    }
}
