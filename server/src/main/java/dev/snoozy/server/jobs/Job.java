package dev.snoozy.server.jobs;

import dev.snoozy.server.jobs.JobRecord.Progress;
import dev.snoozy.server.jobs.JobRecord.State;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A job that waits or runs, and those who watch it. Thread-safe. */
final class Job implements JobProgress {
    private static final int LOG_LINES = 200;
    private static final int LONGEST_LINE = 2000;
    private static final int MOST_ROWS = 5000;
    private static final long KEEP_NANOS = 1_000_000_000;
    private static final double NANOS = 1e9;

    private final String id;
    private final JobKind kind;
    private final String title;
    private final ObjectNode request;
    private final JobStore store;
    private final Instant created;
    private final Deque<String> log = new ArrayDeque<>(); // all below guarded by this
    private final List<JsonNode> rows = new ArrayList<>();
    private State state = State.QUEUED;
    private Progress progress = Progress.NONE;
    private @Nullable JsonNode result;
    private String error = "";
    private @Nullable Instant started;
    private @Nullable Instant ended;
    private @Nullable Thread worker;
    private State wanted = State.DONE;
    private long startNanos;
    private long firstDone = -1;
    private long keptNanos;
    private long changes;
    private long lines;

    /** A job that is asked for. */
    Job(String id, JobKind kind, String title, ObjectNode request, JobStore store) {
        this.id = id;
        this.kind = kind;
        this.title = title;
        this.request = request;
        this.store = store;
        created = Instant.now();
        store.put(record());
    }

    /** A job that is to go on: what it said, and how far it came, stays until it says more. */
    Job(JobRecord before, JobKind kind, JobStore store) {
        id = before.id();
        this.kind = kind;
        title = before.title();
        request = before.request();
        this.store = store;
        created = before.created();
        log.addAll(before.log());
        lines = log.size();
        progress = before.progress();
        store.put(record());
    }

    JobKind kind() {
        return kind;
    }

    ObjectNode request() {
        return request;
    }

    synchronized JobRecord record() {
        return new JobRecord(
                id,
                kind.name(),
                title,
                request,
                state,
                progress,
                new ArrayList<>(log),
                rows,
                result,
                error,
                created,
                started,
                ended);
    }

    /** Says that it runs now, on this thread; false if nobody wants it any more. */
    synchronized boolean begin() {
        if (state != State.QUEUED) {
            return false;
        }
        state = State.RUNNING;
        started = Instant.now();
        startNanos = System.nanoTime();
        worker = Thread.currentThread();
        changed(true);
        return true;
    }

    /** Ends it, by itself or as somebody wanted. */
    synchronized void end(State how, @Nullable JsonNode what, String why) {
        if (state.isOver()) {
            return;
        }
        boolean stopped = wanted != State.DONE;
        state = stopped ? wanted : how;
        result = stopped ? null : what;
        error = stopped ? "" : why;
        ended = Instant.now();
        worker = null;
        progress = new Progress(progress.done(), progress.total(), progress.unit(), -1);
        changed(true);
    }

    /** Wants its end: {@code CANCELLED}, {@code PAUSED} or {@code INTERRUPTED}. */
    synchronized void stop(State how) {
        if (state.isOver()) {
            return;
        }
        wanted = how;
        if (state == State.QUEUED) {
            end(how, null, "");
        } else if (worker != null) {
            worker.interrupt();
        }
    }

    private void check() {
        if (wanted != State.DONE && !state.isOver()) {
            throw new JobCancelledException();
        }
    }

    @Override
    public synchronized void at(long done, long total, String unit) {
        check();
        if (firstDone < 0 || !unit.equals(progress.unit())) {
            firstDone = done;
            startNanos = System.nanoTime();
        }
        progress = new Progress(done, total, unit, eta(done, total));
        changed(false);
    }

    private long eta(long done, long total) {
        double seconds = (System.nanoTime() - startNanos) / NANOS;
        long since = done - firstDone;
        if (since <= 0 || total <= done || seconds < 1) {
            return total > 0 && done >= total ? 0 : -1;
        }
        return Math.round(seconds * (total - done) / since);
    }

    @Override
    public synchronized void log(String line) {
        check();
        add(line);
        changed(false);
    }

    @Override
    public synchronized void row(ObjectNode row) {
        check();
        if (rows.size() < MOST_ROWS) {
            rows.add(row);
            changed(false);
        }
    }

    /** A line of the job queue itself. */
    private void add(String line) {
        log.add(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…");
        lines++;
        if (log.size() > LOG_LINES) {
            log.remove();
        }
    }

    private void changed(boolean keep) {
        changes++;
        notifyAll();
        long now = System.nanoTime();
        if (keep || now - keptNanos > KEEP_NANOS) {
            keptNanos = now;
            store.put(record());
        }
    }

    /**
     * What is new.
     *
     * @param changes by which the next call goes on
     * @param lines how many there have been
     * @param newLines those that are new and still there
     * @param newRows those that are new
     */
    record News(
            JobRecord job,
            long changes,
            long lines,
            List<String> newLines,
            List<JsonNode> newRows) {
        /** Before anything was seen. */
        static News none(JobRecord job) {
            return new News(job, -1, 0, List.of(), List.of());
        }
    }

    /** What is new since then; waits until something is. */
    synchronized News after(News before) throws InterruptedException {
        long seen = before.changes();
        long seenLines = before.lines();
        int seenRows = seen < 0 ? 0 : before.job().rows().size();
        while (changes == seen && !state.isOver()) {
            wait();
        }
        long fresh = Math.min(lines - Math.max(0, seenLines), log.size());
        List<String> all = new ArrayList<>(log);
        return new News(
                record(),
                changes,
                lines,
                all.subList((int) (all.size() - fresh), all.size()),
                List.copyOf(rows.subList(seenRows, rows.size())));
    }
}
