package dev.snoozy.engine.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The jobs that wait to begin or to go on, by their turn. Used by the scheduler's thread only. */
final class WaitingLine {
    private final NavigableSet<Job> jobs = new TreeSet<>(Comparator.comparing(Job::turn));
    private long arrivals;

    /** A job joins. */
    void join(Job job) {
        job.arrive(Turn.of(arrivals++, job.priority()));
        jobs.add(job);
    }

    /** A job that had begun comes back to the place it had. */
    void comeBack(Job job) {
        jobs.add(job);
    }

    void leave(Job job) {
        jobs.remove(job);
    }

    /** Takes out those that a condition holds for. */
    List<Job> takeIf(Predicate<Job> condition) {
        List<Job> taken = jobs.stream().filter(condition).toList();
        taken.forEach(jobs::remove);
        return taken;
    }

    /** All jobs, first come first; a copy. */
    List<Job> inOrder() {
        return new ArrayList<>(jobs);
    }

    int size() {
        return jobs.size();
    }
}
