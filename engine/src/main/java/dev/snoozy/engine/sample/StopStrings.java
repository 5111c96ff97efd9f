package dev.snoozy.engine.sample;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Finds stop texts in a stream, also across the borders of its pieces. Holds back only what may be
 * the beginning of a stop text. The stop text that is complete first ends the stream; of several
 * that end in the same place the longest is cut off. So the result does not depend on how the
 * stream is cut into pieces. Used by one thread.
 */
public final class StopStrings {
    private final List<String> stops;
    private final int longest;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> met = Optional.empty();

    /** A finder of texts, none of them empty. */
    public StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
        longest = stops.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Whether a stop text was met; nothing is passed on after that. */
    public boolean stopped() {
        return met.isPresent();
    }

    /** The stop text that was met. */
    public Optional<String> met() {
        return met;
    }

    /** Takes a piece and gives the text that is certainly not part of a stop text. */
    public String next(String piece) {
        if (stopped()) {
            return "";
        }
        held.append(piece);
        String stop = firstStop();
        if (stop != null) {
            met = Optional.of(stop);
            held.setLength(held.indexOf(stop));
            return finish();
        }
        int safe = held.length() - heldBack();
        String text = held.substring(0, safe);
        held.delete(0, safe);
        return text;
    }

    /** What was held back, at the end of the stream. */
    public String finish() {
        String text = held.toString();
        held.setLength(0);
        return text;
    }

    /** The stop text that is complete first. */
    private @Nullable String firstStop() {
        String found = null;
        int first = -1;
        int firstEnd = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            int end = at + stop.length();
            if (at >= 0 && (end < firstEnd || end == firstEnd && at < first)) {
                found = stop;
                first = at;
                firstEnd = end;
            }
        }
        return found;
    }

    /** Length of the longest end of the held text that some stop text begins with. */
    private int heldBack() {
        for (int length = Math.min(held.length(), longest - 1); length > 0; length--) {
            String end = held.substring(held.length() - length);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }
}
