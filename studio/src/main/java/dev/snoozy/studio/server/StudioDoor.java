package dev.snoozy.studio.server;

import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.Door;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Ids;
import dev.snoozy.studio.store.Keys;
import dev.snoozy.studio.store.Settings;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may ask beside the page: what was chosen there, kept with the page's data. Read from memory
 * at each request. Thread-safe.
 */
public final class StudioDoor implements Door {
    private static final String SETTING = "serverAccess";

    /** Uses are noted no more often than this, in milliseconds. */
    private static final long NOTED_EVERY = 60_000;

    /**
     * A key that has just been made.
     *
     * @param secret what a program shows; it is told once
     */
    public record NewKey(String id, String secret) {}

    private final Settings settings;
    private final Keys store;
    private final Map<String, Long> noted = new ConcurrentHashMap<>();
    private volatile Access access;
    private volatile List<Keys.Key> keys;

    public StudioDoor(Settings settings, Keys store) {
        this.settings = settings;
        this.store = store;
        access = access(settings.all().path(SETTING));
        keys = store.all();
    }

    /**
     * Until something is chosen, programs on this machine may. What cannot be read lets none in.
     */
    private static Access access(JsonNode chosen) {
        if (chosen.isMissingNode()) {
            return Access.MACHINE;
        }
        for (Access access : Access.values()) {
            if (name(access).equals(chosen.asString(""))) {
                return access;
            }
        }
        return Access.PAGE;
    }

    /** The name that the page and the settings use. */
    static String name(Access access) {
        return access.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Access access() {
        return access;
    }

    /** Chooses who may. Requests that are in progress go on. */
    void choose(Access chosen) {
        settings.put(Json.object().put(SETTING, name(chosen)));
        access = chosen;
    }

    @Override
    public boolean knows(String key) {
        String hash = ApiKeys.hashOf(key);
        Keys.Key found = null;
        for (Keys.Key known : keys) {
            found = ApiKeys.isSame(known.hash(), hash) ? known : found;
        }
        if (found != null) {
            note(found.id());
        }
        return found != null;
    }

    /** On a thread of its own: a request is not kept waiting for the disk. */
    private void note(String id) {
        long now = System.currentTimeMillis();
        Long before = noted.put(id, now);
        if (before == null || now - before >= NOTED_EVERY) {
            Thread.ofVirtual().start(() -> store.used(id, now));
        } else {
            noted.put(id, before);
        }
    }

    /** The keys there are. */
    List<Keys.Key> keys() {
        keys = store.all();
        return keys;
    }

    /** Makes a key. */
    synchronized NewKey add(String name) {
        String secret = ApiKeys.random();
        String id = Ids.next();
        long now = System.currentTimeMillis();
        store.add(new Keys.Key(id, name, ApiKeys.hashOf(secret), now, 0));
        keys = store.all();
        return new NewKey(id, secret);
    }

    /** Takes a key back: from now on it lets nobody in. */
    synchronized boolean remove(String id) {
        boolean found = store.remove(id);
        keys = store.all();
        return found;
    }
}
