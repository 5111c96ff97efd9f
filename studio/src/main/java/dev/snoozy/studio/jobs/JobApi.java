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
        routes.on("GET", "/jobs/{job}", call -> call.json(job(call).json()));
        routes.on("GET", "/jobs/{job}/events", this::events);
        routes.on(
                "POST",
                "/jobs/{job}/cancel",
                call -> call.done(jobs.cancel(call.part("job")), "job"));
        routes.on("POST", "/jobs/{job}/retry", this::retry);
        routes.on("DELETE", "/jobs/{job}", call -> call.done(jobs.remove(call.part("job")), "job"));
    }

    private JobRecord job(Call call) {
        return jobs.find(call.part("job")).orElseThrow(() -> Call.missing("job"));
    }

    private void list(Call call) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("jobs");
        jobs.all().forEach(job -> list.add(job.json()));
        ArrayNode kinds = node.putArray("kinds");
        jobs.kinds().forEach(kinds::add);
        call.json(node);
    }

    private void submit(Call call) {
        ObjectNode request = call.fields().node().deepCopy();
        String kind = call.fields().requiredString("kind");
        request.remove("kind");
        call.created(jobs.submit(kind, request).json());
    }

    private void retry(Call call) {
        Optional<JobRecord> again = jobs.retry(call.part("job"));
        call.created(again.orElseThrow(() -> Call.missing("job")).json());
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
                                events.event("progress", node);
                            });
            end.ifPresent(job -> events.event("done", job.json()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the page has gone
        }
        events.end();
    }
}
