package dev.snoozy.studio.jobs;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.server.jobs.Jobs;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** What the page asks about long work. */
public final class JobApi {
    private final Jobs jobs;

    public JobApi(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/jobs", this::list);
        routes.on("POST", "/jobs", this::submit);
        routes.on("GET", "/jobs/{job}", call -> call.json(whole(job(call))));
        routes.on("GET", "/jobs/{job}/events", this::events);
        routes.on(
                "POST",
                "/jobs/{job}/cancel",
                call -> call.done(jobs.cancel(call.part("job")), "job"));
        routes.on(
                "POST",
                "/jobs/{job}/pause",
                call -> call.done(jobs.pause(call.part("job")), "job"));
        routes.on("POST", "/jobs/{job}/resume", this::resume);
        routes.on("POST", "/jobs/{job}/retry", this::retry);
        routes.on("DELETE", "/jobs/{job}", call -> call.done(jobs.remove(call.part("job")), "job"));
    }

    private JobRecord job(Call call) {
        return jobs.find(call.part("job")).orElseThrow(() -> Call.missing("job"));
    }

    private void list(Call call) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("jobs");
        jobs.all().forEach(job -> list.add(withWays(job, job.summary())));
        ArrayNode kinds = node.putArray("kinds");
        jobs.kinds().forEach(kinds::add);
        call.json(node);
    }

    private void submit(Call call) {
        ObjectNode request = call.fields().node().deepCopy();
        String kind = call.fields().requiredString("kind");
        request.remove("kind");
        call.created(whole(jobs.submit(kind, request)));
    }

    private void retry(Call call) {
        Optional<JobRecord> again = jobs.retry(call.part("job"));
        call.created(whole(again.orElseThrow(() -> Call.missing("job"))));
    }

    private void resume(Call call) {
        Optional<JobRecord> again = jobs.resume(call.part("job"));
        call.json(whole(again.orElseThrow(() -> Call.missing("job"))));
    }

    private ObjectNode whole(JobRecord job) {
        return withWays(job, job.json());
    }

    /** Says whether it can be paused, and goes on where it was. */
    private ObjectNode withWays(JobRecord job, ObjectNode node) {
        return node.put("goesOn", jobs.goesOn(job.kind()));
    }

    private void events(Call call) {
        job(call);
        EventStream events = call.events();
        try {
            Optional<JobRecord> end =
                    jobs.follow(
                            call.part("job"),
                            update -> {
                                JobRecord.Progress progress = update.job().progress();
                                ObjectNode node = Json.object();
                                node.put("state", update.job().state().word());
                                node.put("done", progress.done()).put("total", progress.total());
                                node.put("unit", progress.unit());
                                if (progress.eta() >= 0) {
                                    node.put("eta", progress.eta());
                                }
                                ArrayNode lines = node.putArray("lines");
                                update.lines().forEach(lines::add);
                                if (!update.rows().isEmpty()) {
                                    node.putArray("rows").addAll(update.rows());
                                }
                                events.event("progress", node);
                            });
            end.ifPresent(job -> events.event("done", whole(job)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the page has gone
        }
        events.end();
    }
}
