package dev.snoozy.hub.download;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before trying again: longer each time, never in step. Used by one thread. */
final class Backoff {
    private final Limits limits;
    private int failures;

    Backoff(Limits limits) {
        this.limits = limits;
    }

    /** Begins anew: there was progress. */
    void reset() {
        failures = 0;
    }

    /** Whether too many attempts in a row have failed. */
    boolean isOver() {
        return failures >= limits.attempts();
    }

    /** The wait after another failure: half of it is chance. */
    Duration next() {
        failures++;
        long most = limits.firstWait().toMillis() << Math.min(failures - 1, 20);
        most = Math.max(1, Math.min(most, limits.longestWait().toMillis()));
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /** The wait after an answer, which may say how long (RFC 9110, 10.2.3). */
    Duration after(Reply<?> reply) {
        Duration own = next();
        Duration asked = reply.header("Retry-After").map(Backoff::read).orElse(Duration.ZERO);
        Duration wait = asked.compareTo(own) > 0 ? asked : own;
        return wait.compareTo(limits.longestWait()) > 0 ? limits.longestWait() : wait;
    }

    private static Duration read(String text) {
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            Duration wait = Duration.between(Instant.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    /** Whether the same request may succeed later. */
    static boolean isTransient(Reply<?> reply) {
        int status = reply.status();
        // A signed address of a storage host may have run out; the next attempt gets a new one.
        boolean expired = reply.isElsewhere() && (status == 403 || status == 400);
        return expired || status == 408 || status == 429 || status >= 500;
    }

    /** What went wrong, in a few words. */
    static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
