package dev.snoozy.server.jobs;

import dev.snoozy.server.http.Fields;

import tools.jackson.databind.JsonNode;

import java.io.IOException;

/** A kind of long work that can be asked for. Thread-safe. */
public interface JobKind {
    /** What a job waits for: of each, one job runs at a time. */
    enum Lane {
        /** The processors, which two jobs would only take from each other. */
        COMPUTE,
        /** The network. */
        NETWORK,
        /** The disk. */
        DISK
    }

    /** By which it is asked for. */
    String name();

    /** What its jobs wait for. */
    default Lane lane() {
        return Lane.COMPUTE;
    }

    /** Whether a job that was stopped goes on, when it runs again, from where it was. */
    default boolean goesOn() {
        return false;
    }

    /**
     * What is to be done, in a line for people.
     *
     * @throws dev.snoozy.server.http.HttpProblem if the request is not as it should be
     */
    String title(Fields request);

    /**
     * Does it.
     *
     * @return what came of it, as JSON
     * @throws IOException if it fails, with the reason
     */
    JsonNode run(Fields request, JobProgress progress) throws IOException;
}
