package dev.snoozy.server.jobs;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.jobs.JobRecord.State;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Long work: it goes on whoever watches, one job at a time of those that wait for the same, and
 * what has become of it is kept. Thread-safe. Closing interrupts what is not done.
 */
public final class Jobs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_WAITING = 1000;
    private static final int CLOSE_SECONDS = 5;

    private final JobStore store;
    private final Map<String, JobKind> kinds = new LinkedHashMap<>();
    private final Map<JobKind.Lane, ExecutorService> lanes = new EnumMap<>(JobKind.Lane.class);
    private final Map<String, Job> live = new ConcurrentHashMap<>();

    /**
     * A queue. What an earlier process has left in the store is interrupted.
     *
     * @param store where jobs are kept
     * @param kinds what may be asked for
     */
    public Jobs(JobStore store, List<JobKind> kinds) {
        this.store = store;
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
        for (JobKind.Lane lane : JobKind.Lane.values()) {
            lanes.put(
                    lane,
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name("snoozy-job-" + lane).factory()));
        }
        for (JobRecord job : store.all()) {
            if (!job.state().isOver()) {
                store.put(job.interrupted());
            }
        }
    }

    /** The names of what may be asked for. */
    public List<String> kinds() {
        return List.copyOf(kinds.keySet());
    }

    /** All jobs, the newest first. */
    public List<JobRecord> all() {
        List<JobRecord> jobs = new ArrayList<>();
        for (JobRecord kept : store.all()) {
            Job running = live.get(kept.id());
            jobs.add(running == null ? kept : running.record());
        }
        return jobs;
    }

    /** A job. */
    public Optional<JobRecord> find(String id) {
        Job running = live.get(id);
        return running != null
                ? Optional.of(running.record())
                : store.all().stream().filter(job -> job.id().equals(id)).findFirst();
    }

    /**
     * Asks for a job.
     *
     * @throws HttpProblem if there is no such kind, or the request is not as it should be
     */
    public JobRecord submit(String kind, ObjectNode request) {
        JobKind wanted = kinds.get(kind);
        if (wanted == null) {
            throw HttpProblem.invalid(
                    "kind", "expected one of " + kinds.keySet() + ", found " + kind);
        }
        if (live.size() >= MOST_WAITING) {
            throw new HttpProblem(Kind.BUSY, "too many jobs wait; cure: try again later");
        }
        String title = wanted.title(new Fields(request));
        String id = Long.toUnsignedString(RANDOM.nextLong(), Character.MAX_RADIX);
        return begin(id, new Job(id, wanted, title, request, store));
    }

    private JobRecord begin(String id, Job job) {
        live.put(id, job);
        try {
            lane(job.kind()).execute(() -> run(id, job));
        } catch (RejectedExecutionException e) {
            live.remove(id, job);
            job.stop(State.INTERRUPTED);
            throw new HttpProblem(Kind.UNAVAILABLE, "the server is shutting down");
        }
        return job.record();
    }

    private ExecutorService lane(JobKind kind) {
        ExecutorService lane = lanes.get(kind.lane());
        if (lane == null) {
            throw new IllegalStateException("no lane " + kind.lane());
        }
        return lane;
    }

    private void run(String id, Job job) {
        try {
            if (job.begin()) {
                job.end(State.DONE, job.kind().run(new Fields(job.request()), job), "");
            }
        } catch (JobCancelledException e) {
            job.end(State.CANCELLED, null, "");
        } catch (IOException | HttpProblem e) {
            job.end(State.FAILED, null, String.valueOf(e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "a job failed", e);
            job.end(State.FAILED, null, e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            live.remove(id, job);
            if (Thread.interrupted()) { // meant for this job only
                LOG.log(System.Logger.Level.DEBUG, "a job was interrupted");
            }
        }
    }

    /** Ends a job soon, if it is not over; false if there is none. */
    public boolean cancel(String id) {
        Job job = live.get(id);
        if (job != null) {
            job.stop(State.CANCELLED);
        }
        return job != null || find(id).isPresent();
    }

    /** Whether a job of this kind goes on from where it was, so that it can be paused. */
    public boolean goesOn(String kind) {
        JobKind known = kinds.get(kind);
        return known != null && known.goesOn();
    }

    /**
     * Ends a job soon, if it is not over, so that it can go on later; false if there is none.
     *
     * @throws HttpProblem if a job of this kind begins anew whenever it runs
     */
    public boolean pause(String id) {
        Optional<JobRecord> found = find(id);
        found.ifPresent(job -> requireGoingOn(job.kind()));
        Job job = live.get(id);
        if (job != null) {
            job.stop(State.PAUSED);
        }
        return found.isPresent();
    }

    private void requireGoingOn(String kind) {
        if (!goesOn(kind)) {
            throw new HttpProblem(
                    Kind.INVALID_REQUEST,
                    "a job of the kind " + kind + " cannot go on from where it was; cure: retry");
        }
    }

    /**
     * Has a job go on that was paused, interrupted, cancelled or failed; nothing if there is none.
     *
     * @throws HttpProblem if it is done or under way, or cannot go on
     */
    public synchronized Optional<JobRecord> resume(String id) {
        Optional<JobRecord> found = find(id);
        if (found.isEmpty()) {
            return found;
        }
        JobRecord job = found.get();
        requireGoingOn(job.kind());
        if (!job.state().isOver() || job.state() == State.DONE) {
            throw new HttpProblem(
                    Kind.INVALID_REQUEST,
                    "expected a job that was stopped, found one that is " + job.state().word());
        }
        JobKind kind = Objects.requireNonNull(kinds.get(job.kind()), "a kind that goes on");
        return Optional.of(begin(id, new Job(job, kind, store)));
    }

    /** Asks for the same again, of a job that is over; nothing if there is none. */
    public Optional<JobRecord> retry(String id) {
        Optional<JobRecord> old = find(id);
        if (old.isPresent() && !old.get().state().isOver()) {
            throw new HttpProblem(Kind.INVALID_REQUEST, "the job is not over yet");
        }
        return old.map(job -> submit(job.kind(), job.request()));
    }

    /** Forgets a job, which is cancelled if it is not over; false if there is none. */
    public boolean remove(String id) {
        Job job = live.get(id);
        if (job != null && !job.record().state().isOver()) {
            job.stop(State.CANCELLED);
            throw new HttpProblem(
                    Kind.INVALID_REQUEST, "the job is being cancelled; cure: remove it then");
        }
        return store.remove(id);
    }

    /**
     * Follows a job to its end, on the caller's thread.
     *
     * @param progress is told of changes with the lines that are new, at first of all
     * @return the job at its end; nothing if there is none
     * @throws InterruptedException if the caller is interrupted
     */
    public Optional<JobRecord> follow(String id, Consumer<Update> progress)
            throws InterruptedException {
        Job job = live.get(id);
        if (job == null) { // it has ended, and what it said is told all the same
            Optional<JobRecord> kept = find(id);
            kept.ifPresent(
                    record -> progress.accept(new Update(record, record.log(), record.rows())));
            return kept;
        }
        Job.News news = job.after(Job.News.none(job.record()));
        while (!news.job().state().isOver()) {
            progress.accept(new Update(news.job(), news.newLines(), news.newRows()));
            news = job.after(news);
        }
        progress.accept(new Update(news.job(), news.newLines(), news.newRows()));
        return Optional.of(news.job());
    }

    /** A change of a job, with the lines of its log and the rows that are new. */
    public record Update(JobRecord job, List<String> lines, List<JsonNode> rows) {}

    @Override
    public void close() {
        live.values().forEach(job -> job.stop(State.INTERRUPTED));
        lanes.values().forEach(ExecutorService::shutdownNow);
        try {
            for (ExecutorService lane : lanes.values()) {
                if (!lane.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "a job does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
