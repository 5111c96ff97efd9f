package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.server.jobs.JobStore;

import java.util.List;

/** Jobs in the studio's data. Thread-safe. */
public final class StoredJobs implements JobStore {
    private final Database database;

    public StoredJobs(Database database) {
        this.database = database;
    }

    @Override
    public List<JobRecord> all() {
        return database.read(session ->
                session.list(
                        "SELECT record FROM jobs ORDER BY created DESC, id",
                        row -> JobRecord.of(Stored.object(row.text("record")))));
    }

    @Override
    public void put(JobRecord job) {
        database.write(session ->
                session.update(
                        "INSERT INTO jobs(id, kind, state, record, created) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT(id) DO UPDATE SET state = excluded.state, record ="
                                + " excluded.record",
                        job.id(),
                        job.kind(),
                        job.state().word(),
                        Json.text(job.json()),
                        job.created().toEpochMilli()));
    }

    @Override
    public boolean remove(String id) {
        return database.write(session -> session.update("DELETE FROM jobs WHERE id = ?", id) > 0);
    }
}
