package dev.snoozy.server.jobs;

/** A job ends because somebody said so. */
public final class JobCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JobCancelledException() {
        super("the job was cancelled", null, false, false);
    }
}
