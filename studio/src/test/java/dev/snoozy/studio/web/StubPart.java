package dev.snoozy.studio.web;

import dev.snoozy.server.http.Exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of the stub's interface: places by their patterns. */
abstract class StubPart {
    /** Answers a request whose path has matched. */
    interface PartHandler {
        void answer(Exchange exchange, Matcher path);
    }

    record Place(String method, Pattern path, PartHandler handler) {}

    private final List<Place> places = new ArrayList<>();

    /** Adds a place; {@code ID} in the path stands for any word. */
    final void on(String method, String path, PartHandler handler) {
        String pattern = path.replace("ID", "([^/]+)");
        places.add(new Place(method, Pattern.compile(pattern), handler));
    }

    final List<Place> places() {
        return places;
    }
}
