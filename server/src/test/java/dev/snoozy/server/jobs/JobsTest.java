package dev.snoozy.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord.State;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

class JobsTest {
    private final JobStore store = JobStore.inMemory();

    /** Counts to a number, when it may. */
    private static final class Counting implements JobKind {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch mayEnd;

        Counting(int holds) {
            mayEnd = new CountDownLatch(holds);
        }

        @Override
        public String name() {
            return "count";
        }

        @Override
        public String title(Fields request) {
            return "Count to "
                    + request.integer("to", 1, 1000).orElseThrow(() -> request.missing("to"));
        }

        @Override
        public JsonNode run(Fields request, JobProgress progress) throws IOException {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            int to = request.integer("to", 1, 1000, 0);
            for (int i = 1; i <= to; i++) {
                progress.at(i, to, "numbers");
                progress.log("number " + i);
            }
            if (to == 13) {
                throw new IOException("thirteen brings no luck");
            }
            return Json.object().put("last", to);
        }
    }

    /** Counts on from where it was stopped, and tells of each number in a row. */
    private static final class CountingOn implements JobKind {
        private final AtomicInteger at = new AtomicInteger();
        private final Semaphore mayCount = new Semaphore(0);

        @Override
        public String name() {
            return "on";
        }

        @Override
        public boolean goesOn() {
            return true;
        }

        @Override
        public String title(Fields request) {
            return "Count on";
        }

        @Override
        public JsonNode run(Fields request, JobProgress progress) throws IOException {
            try {
                while (at.get() < 4) {
                    mayCount.acquire();
                    // How far it is comes last: who waits for that may stop it at once.
                    progress.log("number " + at.incrementAndGet());
                    progress.row(Json.object().put("number", at.get()));
                    progress.at(at.get(), 4, "numbers");
                }
                return Json.object();
            } catch (InterruptedException e) {
                throw new IOException("stopped", e);
            }
        }
    }

    /** Follows a job until so much is done. */
    private static void until(Jobs jobs, JobRecord job, long done) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Thread watch =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                jobs.follow(
                                        job.id(),
                                        update -> {
                                            if (update.job().progress().done() >= done) {
                                                reached.countDown();
                                            }
                                        });
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        reached.await();
        watch.interrupt();
    }

    private static ObjectNode to(int number) {
        return Json.object().put("to", number);
    }

    private static JobRecord end(Jobs jobs, JobRecord job) throws InterruptedException {
        return jobs.follow(job.id(), update -> {}).orElseThrow();
    }

    @Test
    void aJobIsDoneAndKeptWithItsLog() throws Exception {
        try (Jobs jobs = new Jobs(store, List.of(new Counting(0)))) {
            JobRecord job = end(jobs, jobs.submit("count", to(300)));
            assertThat(job.state()).isEqualTo(State.DONE);
            assertThat(job.result()).isEqualTo(Json.object().put("last", 300));
            assertThat(job.progress().done()).isEqualTo(300);
            assertThat(job.log()).hasSize(200).endsWith("number 300");
            assertThat(store.all()).hasSize(1);
            assertThat(JobRecord.of(job.json()).json()).isEqualTo(job.json());
        }
    }

    @Test
    void whoFollowsSeesEveryLineOnce() throws Exception {
        Counting kind = new Counting(1);
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            JobRecord job = jobs.submit("count", to(50));
            List<String> lines = new ArrayList<>();
            kind.begun.await();
            Thread later = Thread.ofVirtual().start(kind.mayEnd::countDown);
            JobRecord end =
                    jobs.follow(job.id(), update -> lines.addAll(update.lines())).orElseThrow();
            later.join();
            assertThat(lines).hasSize(50).doesNotHaveDuplicates().endsWith("number 50");
            assertThat(end.state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void whoFollowsAJobThatHasEndedSeesWhatItSaid() throws Exception {
        try (Jobs jobs = new Jobs(store, List.of(new Counting(0)))) {
            JobRecord job = end(jobs, jobs.submit("count", to(5)));
            List<String> lines = new ArrayList<>();
            assertThat(jobs.follow(job.id(), update -> lines.addAll(update.lines()))).isPresent();
            assertThat(lines).hasSize(5).endsWith("number 5");
        }
    }

    @Test
    void aJobThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        try (Jobs jobs = new Jobs(store, List.of(new Counting(0)))) {
            JobRecord job = end(jobs, jobs.submit("count", to(13)));
            assertThat(job.state()).isEqualTo(State.FAILED);
            assertThat(job.error()).isEqualTo("thirteen brings no luck");
            JobRecord again = end(jobs, jobs.retry(job.id()).orElseThrow());
            assertThat(again.state()).isEqualTo(State.FAILED);
            assertThat(again.id()).isNotEqualTo(job.id());
            assertThat(jobs.retry("nothing")).isEmpty();
        }
    }

    @Test
    void aRunningJobIsCancelledAndTheNextOneRuns() throws Exception {
        Counting kind = new Counting(1);
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            JobRecord first = jobs.submit("count", to(5));
            JobRecord second = jobs.submit("count", to(6));
            JobRecord third = jobs.submit("count", to(7));
            kind.begun.await();
            assertThat(jobs.find(second.id()).orElseThrow().state()).isEqualTo(State.QUEUED);
            assertThat(jobs.cancel(third.id())).isTrue();
            assertThat(end(jobs, third).state()).isEqualTo(State.CANCELLED);
            assertThat(jobs.cancel(first.id())).isTrue();
            assertThat(end(jobs, first).state()).isEqualTo(State.CANCELLED);
            kind.mayEnd.countDown();
            assertThat(end(jobs, second).state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void aPausedJobGoesOnWhereItWas() throws Exception {
        CountingOn kind = new CountingOn();
        try (Jobs jobs = new Jobs(store, List.of(kind, new Counting(0)))) {
            JobRecord job = jobs.submit("on", Json.object());
            kind.mayCount.release(2);
            until(jobs, job, 2);
            assertThatThrownBy(() -> jobs.resume(job.id())).hasMessageContaining("running");
            assertThat(jobs.pause(job.id())).isTrue();
            JobRecord paused = end(jobs, job);
            assertThat(paused.state()).isEqualTo(State.PAUSED);
            assertThat(paused.error()).isEmpty();
            assertThat(JobRecord.of(paused.json()).json()).isEqualTo(paused.json());

            JobRecord on = jobs.resume(job.id()).orElseThrow();
            assertThat(on.id()).isEqualTo(job.id());
            assertThat(on.created()).isEqualTo(job.created());
            assertThat(on.progress().done()).as("shown until it says more").isEqualTo(2);
            kind.mayCount.release(2);
            JobRecord end = end(jobs, on);
            assertThat(end.state()).isEqualTo(State.DONE);
            assertThat(end.log()).containsExactly("number 1", "number 2", "number 3", "number 4");
            assertThat(jobs.all()).hasSize(1);
            assertThatThrownBy(() -> jobs.resume(job.id())).hasMessageContaining("done");
            assertThat(jobs.resume("nothing")).isEmpty();
            assertThat(jobs.pause("nothing")).isFalse();
        }
    }

    @Test
    void aJobThatWaitsIsPausedAtOnce() throws Exception {
        CountingOn kind = new CountingOn();
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            JobRecord first = jobs.submit("on", Json.object());
            JobRecord second = jobs.submit("on", Json.object());
            assertThat(jobs.pause(second.id())).isTrue();
            assertThat(end(jobs, second).state()).isEqualTo(State.PAUSED);
            jobs.resume(second.id());
            kind.mayCount.release(8);
            assertThat(end(jobs, first).state()).isEqualTo(State.DONE);
            assertThat(end(jobs, second).state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void aKilledJobGoesOnAndOneOfAnotherKindDoesNot() throws Exception {
        CountingOn kind = new CountingOn();
        String id;
        try (Jobs jobs = new Jobs(store, List.of(kind, new Counting(0)))) {
            String other = end(jobs, jobs.submit("count", to(13))).id();
            JobRecord job = jobs.submit("on", Json.object());
            id = job.id();
            kind.mayCount.release(1);
            until(jobs, job, 1);
            assertThatThrownBy(() -> jobs.resume(other))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("retry");
            assertThatThrownBy(() -> jobs.pause(other)).isInstanceOf(HttpProblem.class);
        }
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(State.INTERRUPTED);
            kind.mayCount.release(4);
            assertThat(end(jobs, jobs.resume(id).orElseThrow()).state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void whoFollowsSeesEveryRowOnceAndTheyAreKept() throws Exception {
        CountingOn kind = new CountingOn();
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            JobRecord job = jobs.submit("on", Json.object());
            List<JsonNode> rows = new ArrayList<>();
            kind.mayCount.release(4);
            JobRecord end =
                    jobs.follow(job.id(), update -> rows.addAll(update.rows())).orElseThrow();
            assertThat(rows).hasSize(4).isEqualTo(end.rows());
            assertThat(end.json().path("rows")).hasSize(4);
            assertThat(end.summary().has("rows")).isFalse();
            assertThat(JobRecord.of(end.json()).rows()).isEqualTo(end.rows());
            rows.clear();
            jobs.follow(job.id(), update -> rows.addAll(update.rows()));
            assertThat(rows).as("told again afterwards").isEqualTo(end.rows());
        }
    }

    @Test
    void whatAProcessLeavesIsInterrupted() throws Exception {
        Counting kind = new Counting(1);
        try (Jobs jobs = new Jobs(store, List.of(kind))) {
            jobs.submit("count", to(5));
            jobs.submit("count", to(6));
            kind.begun.await();
        }
        assertThat(store.all()).extracting(JobRecord::state).containsOnly(State.INTERRUPTED);
        ObjectNode killed = store.all().getFirst().json();
        killed.put("state", "running");
        store.put(JobRecord.of(killed)); // as if the process had been killed
        try (Jobs jobs = new Jobs(store, List.of(new Counting(0)))) {
            JobRecord found = jobs.all().getFirst();
            assertThat(found.state()).isEqualTo(State.INTERRUPTED);
            JobRecord again = end(jobs, jobs.retry(found.id()).orElseThrow());
            assertThat(again.state()).isEqualTo(State.DONE);
            assertThat(jobs.remove(found.id())).isTrue();
            assertThat(jobs.find(found.id())).isEmpty();
        }
    }

    @Test
    void whatIsNotAsItShouldBeIsRefused() {
        try (Jobs jobs = new Jobs(store, List.of(new Counting(0)))) {
            assertThatThrownBy(() -> jobs.submit("dance", Json.object()))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("[count]");
            assertThatThrownBy(() -> jobs.submit("count", Json.object()))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("to");
            assertThat(jobs.all()).isEmpty();
        }
    }
}
