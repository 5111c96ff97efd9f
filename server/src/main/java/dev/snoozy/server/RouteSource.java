package dev.snoozy.server;

import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Door;
import dev.snoozy.server.http.Routes;

/** A part of a server beside its dialects: it adds places to ask, of which it may override some. */
@FunctionalInterface
public interface RouteSource {
    /**
     * Adds places, before the server listens.
     *
     * @param service the models, and what is done where a request says nothing
     */
    void addTo(Routes routes, Service service);

    /** Who may ask beside the part's own page. */
    default Door door() {
        return Door.OPEN;
    }
}
