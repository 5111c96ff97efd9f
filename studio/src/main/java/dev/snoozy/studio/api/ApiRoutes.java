package dev.snoozy.studio.api;

import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Routes;
import dev.snoozy.studio.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What the page may ask: paths with named parts in braces, below {@value #BASE}. What changes
 * something is taken from pages of this server only, whose browsers say where they come from.
 * Filled by one thread, then read by any.
 */
public final class ApiRoutes {
    /** Where all of it lies. */
    public static final String BASE = "/studio/api";

    private static final List<String> METHODS = List.of("GET", "POST", "PATCH", "DELETE");

    private record Place(String method, List<String> parts, Consumer<Call> action) {}

    private final List<Place> places = new ArrayList<>();

    /** Adds a place; {@code {name}} in the template stands for any one part. */
    public ApiRoutes on(String method, String template, Consumer<Call> action) {
        places.add(new Place(method, List.of(template.substring(1).split("/")), action));
        return this;
    }

    /** Adds all of them to a server. */
    public void addTo(Routes routes) {
        for (String method : METHODS) {
            routes.add(method, BASE + "/*", ApiErrors::of, this::handle);
        }
    }

    private void handle(Exchange exchange) {
        String method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        if (!method.equals("GET") && !isFromOurPage(exchange)) {
            throw new HttpProblem(
                    Kind.FORBIDDEN,
                    "expected an Origin header that names this server, found "
                            + (exchange.header("Origin").isEmpty() ? "none" : "another")
                            + "; cure: programs use the interfaces of docs/server.md");
        }
        List<String> parts = parts(exchange.rawPath().substring(BASE.length()));
        TreeSet<String> allowed = new TreeSet<>();
        for (Place place : places) {
            Map<String, String> parameters = match(place.parts(), parts);
            if (parameters != null && place.method().equals(method)) {
                run(place, new Call(exchange, parameters));
                return;
            }
            if (parameters != null) {
                allowed.add(place.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path");
        }
        throw new HttpProblem(
                Kind.METHOD_NOT_ALLOWED,
                "expected " + String.join(" or ", allowed) + ", found " + method);
    }

    private static void run(Place place, Call call) {
        try {
            place.action().accept(call);
        } catch (StoreException e) {
            throw new HttpProblem(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isFromOurPage(Exchange exchange) {
        try {
            String authority = new URI(exchange.header("Origin")).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(exchange.header("Host"));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        try {
            for (String part : path.substring(1).split("/", -1)) {
                parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(
                    Kind.INVALID_REQUEST, "the path: expected two hexadecimal digits after each %");
        }
        return parts;
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> parts) {
        if (template.size() != parts.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{")) {
                parameters.put(expected.substring(1, expected.length() - 1), parts.get(i));
            } else if (!expected.equals(parts.get(i))) {
                return null;
            }
        }
        return parameters;
    }
}
