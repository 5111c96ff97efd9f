package dev.snoozy.server.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The requests of programs, those in progress and the latest that are over, in memory only. What a
 * handler does is noted from its own thread, or from one that it has started. Thread-safe.
 */
public final class RequestLog {
    private static final int MOST = 200;

    /** Of the request that a thread works for. */
    private static final InheritableThreadLocal<RequestEntry> CURRENT =
            new InheritableThreadLocal<>();

    private final Deque<RequestEntry> entries = new ArrayDeque<>();
    private long last;

    /** Begins an entry for the request that this thread works for. */
    synchronized RequestEntry begin(Exchange exchange) {
        RequestEntry entry = new RequestEntry(++last, exchange);
        entries.addFirst(entry);
        if (entries.size() > MOST) {
            // The oldest that is over; one in progress is never forgotten.
            List<RequestEntry> oldestFirst = new ArrayList<>(entries).reversed();
            oldestFirst.stream()
                    .filter(e -> e.state() != RequestEntry.State.RUNNING)
                    .findFirst()
                    .ifPresent(entries::remove);
        }
        CURRENT.set(entry);
        return entry;
    }

    /** The latest first. */
    public synchronized List<RequestEntry> all() {
        return List.copyOf(entries);
    }

    /** Ends a request in progress, as if its client had left; false if it is none. */
    public boolean cancel(long id) {
        RequestEntry found = null;
        for (RequestEntry entry : all()) {
            found = entry.id() == id ? entry : found;
        }
        return found != null && found.cancel();
    }

    /** Notes the model that the request of this thread uses. */
    public static void uses(String model) {
        RequestEntry entry = CURRENT.get();
        if (entry != null) {
            entry.uses(model);
        }
    }

    /**
     * Notes what a text of this thread's request came to.
     *
     * @param prompt tokens of the prompt
     * @param generated tokens that were generated
     * @param millis from the first of them to the last
     */
    public static void wrote(int prompt, int generated, double millis) {
        RequestEntry entry = CURRENT.get();
        if (entry != null) {
            entry.wrote(prompt, generated, millis);
        }
    }
}
