package dev.snoozy.studio.web;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An answer in progress: what has been said, and whoever listens. */
final class StubWriting {
    /** Something that happened; the last is {@code done}. */
    record Event(String name, ObjectNode data) {}

    private static final long PACE_NANOS = 1_500_000;
    private static final long SLOW_NANOS = 40_000_000;

    private final List<Event> events = new ArrayList<>();
    private volatile boolean stopped;
    private volatile boolean paused;
    private boolean ended;

    void stop() {
        stopped = true;
    }

    /** Stops it so that another goes on. */
    void pause() {
        paused = true;
        stopped = true;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Waits as long as a model thinks about a token. */
    void pace(boolean slow) {
        LockSupport.parkNanos(slow ? SLOW_NANOS : PACE_NANOS);
    }

    synchronized void add(String name, ObjectNode data) {
        events.add(new Event(name, data.deepCopy()));
        ended |= name.equals("done");
        notifyAll();
    }

    /** Tells everything from the beginning on, until the end. */
    void tell(EventStream stream) {
        int at = 0;
        while (true) {
            List<Event> more;
            synchronized (this) {
                while (at == events.size() && !ended) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
                more = List.copyOf(events.subList(at, events.size()));
                if (more.isEmpty()) {
                    stream.end();
                    return;
                }
            }
            for (Event event : more) {
                stream.event(event.name(), event.data());
            }
            at += more.size();
        }
    }

    static ObjectNode delta(String field, String text) {
        return Json.object().put(field, text);
    }
}
