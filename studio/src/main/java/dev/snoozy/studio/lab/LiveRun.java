package dev.snoozy.studio.lab;

import dev.snoozy.studio.store.Runs;
import dev.snoozy.studio.write.Stop;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A run in progress: what has happened in it, for those who watch. Thread-safe. */
final class LiveRun {
    private final Runs.Run run;
    private final Map<String, Stop> stops = new ConcurrentHashMap<>();
    private final List<@Nullable Event> events = new ArrayList<>(); // guarded by this
    private final Map<String, List<Integer>> parts = new HashMap<>(); // guarded by this
    private boolean over; // guarded by this
    private volatile String wanted = "";

    LiveRun(Runs.Run run) {
        this.run = run;
    }

    /** Something that happened. */
    record Event(String name, JsonNode data) {}

    Runs.Run run() {
        return run;
    }

    /** Ends it soon, with this state. */
    void stop(String state) {
        wanted = state;
        stops.values().forEach(Stop::stop);
    }

    /** The state with which somebody wants it to end, or "". */
    String wanted() {
        return wanted;
    }

    /** By which a cell is stopped. */
    Stop begin(Runs.Cell cell) {
        Stop stop = new Stop();
        stops.put(cell.id(), stop);
        if (!wanted.isEmpty()) {
            stop.stop();
        }
        return stop;
    }

    /** A part of a cell has come. */
    synchronized void tell(Runs.Cell cell, String name, JsonNode data) {
        parts.computeIfAbsent(cell.id(), id -> new ArrayList<>()).add(events.size());
        events.add(new Event(name, data));
        notifyAll();
    }

    /** A cell is whole: who has not seen its parts yet needs them no more. */
    synchronized void end(Runs.Cell cell, JsonNode whole) {
        stops.remove(cell.id());
        List<Integer> told = parts.remove(cell.id());
        if (told != null) {
            told.forEach(place -> events.set(place, null));
        }
        events.add(new Event("cellDone", whole));
        notifyAll();
    }

    synchronized void end() {
        over = true;
        notifyAll();
    }

    /**
     * What has happened.
     *
     * @param position from which to go on
     * @param isOver whether nothing follows
     */
    record News(List<Event> events, int position, boolean isOver) {}

    /** What has happened since a position; waits for something. */
    synchronized News after(int position) throws InterruptedException {
        while (events.size() == position && !over) {
            wait();
        }
        List<Event> fresh = new ArrayList<>();
        for (Event event : events.subList(position, events.size())) {
            if (event != null) {
                fresh.add(event);
            }
        }
        return new News(fresh, events.size(), over);
    }

    synchronized boolean awaitEnd(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !over && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return over;
    }
}
