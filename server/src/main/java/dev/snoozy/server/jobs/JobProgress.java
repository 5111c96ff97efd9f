package dev.snoozy.server.jobs;

import tools.jackson.databind.node.ObjectNode;

/**
 * Is told how a job goes, by any thread. Each of its methods throws {@link JobCancelledException}
 * when nobody wants the job any more, which the job lets pass.
 */
public interface JobProgress {
    /**
     * So much is done.
     *
     * @param total 0 if it is not known
     * @param unit of both, such as {@code chunks} or {@code bytes}
     */
    void at(long done, long total, String unit);

    /** A line for the log. */
    void log(String line);

    /** A row of what comes out bit by bit, such as a table; nobody changes it any more. */
    void row(ObjectNode row);
}
