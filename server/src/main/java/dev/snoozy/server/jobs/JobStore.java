package dev.snoozy.server.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where jobs are kept. Thread-safe. */
public interface JobStore {
    /** All jobs, the newest first. */
    List<JobRecord> all();

    /** Keeps a job, in the place of what was kept of it before. */
    void put(JobRecord job);

    /** Forgets a job; false if it is gone. */
    boolean remove(String id);

    /** A store in memory, for as long as the program runs. */
    static JobStore inMemory() {
        Map<String, JobRecord> jobs = new LinkedHashMap<>();
        return new JobStore() {
            @Override
            public synchronized List<JobRecord> all() {
                return new ArrayList<>(jobs.values()).reversed();
            }

            @Override
            public synchronized void put(JobRecord job) {
                jobs.put(job.id(), job);
            }

            @Override
            public synchronized boolean remove(String id) {
                return jobs.remove(id) != null;
            }
        };
    }
}
