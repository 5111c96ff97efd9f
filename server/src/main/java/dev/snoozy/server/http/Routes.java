package dev.snoozy.server.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which handler answers what. Filled by one thread, then read by any. */
public final class Routes {
    /**
     * A place to ask.
     *
     * @param errors how its errors are written
     * @param isOpen whether it is answered without a key
     */
    record Route(Handler handler, ErrorShape errors, boolean isOpen) {}

    private static final String REST = "/*";

    private final Map<String, Map<String, Route>> exact = new LinkedHashMap<>();
    private final List<String> prefixes = new ArrayList<>();
    private final ErrorShape otherwise;

    /**
     * No routes.
     *
     * @param otherwise how errors are written where no route is meant
     */
    public Routes(ErrorShape otherwise) {
        this.otherwise = otherwise;
    }

    /** Adds a place; a path that ends with {@code /*} stands for all that begin so. */
    public Routes add(String method, String path, ErrorShape errors, Handler handler) {
        return add(method, path, new Route(handler, errors, false));
    }

    /** Adds a place that is answered without a key. */
    public Routes addOpen(String method, String path, ErrorShape errors, Handler handler) {
        return add(method, path, new Route(handler, errors, true));
    }

    private Routes add(String method, String path, Route route) {
        if (path.endsWith(REST)) {
            prefixes.add(path);
        }
        exact.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(method, route);
        return this;
    }

    /** The route, or null if there is none. A HEAD is a GET whose body nobody sees. */
    @Nullable Route find(String method, String path) {
        Map<String, Route> methods = methods(path);
        Route route = methods.get(method);
        return route == null && method.equals("HEAD") ? methods.get("GET") : route;
    }

    /** The methods that a path knows, none if the path is unknown. */
    Set<String> allowed(String path) {
        return new TreeSet<>(methods(path).keySet());
    }

    /** How errors are written where no route is meant. */
    ErrorShape otherwise() {
        return otherwise;
    }

    /** How errors are written for a path. */
    ErrorShape errors(String path) {
        return methods(path).values().stream().findFirst().map(Route::errors).orElse(otherwise);
    }

    private Map<String, Route> methods(String path) {
        Map<String, Route> methods = exact.get(path);
        if (methods != null) {
            return methods;
        }
        for (String prefix : prefixes) {
            if (path.startsWith(prefix.substring(0, prefix.length() - 1))) {
                return exact.getOrDefault(prefix, Map.of());
            }
        }
        return Map.of();
    }
}
