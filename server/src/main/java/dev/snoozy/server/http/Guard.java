package dev.snoozy.server.http;

import dev.snoozy.server.http.HttpProblem.Kind;

import io.vertx.core.http.HttpServerRequest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who is let in: a page of another site is not, whatever the browser sends for it (CSRF, DNS
 * rebinding), and where keys are demanded nobody without one. Immutable and thread-safe.
 */
public final class Guard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final String BEARER = "bearer ";

    /** Whether it runs, a server says to everybody. */
    private static final String HEALTH = "/health";

    private final boolean anyHost;
    private final Set<String> hosts;
    private final Set<String> origins;
    private final ApiKeys keys;
    private final Door door;

    /** A guard of a door that is always open; see the other constructor. */
    public Guard(boolean anyHost, List<String> hosts, List<String> origins, ApiKeys keys) {
        this(anyHost, hosts, origins, keys, Door.OPEN);
    }

    /**
     * A guard.
     *
     * @param anyHost whether the Host header may name anything: where keys are demanded it may
     * @param hosts names beside those of this machine that the Host header may have
     * @param origins sites beside those on this machine whose pages may ask, as {@code
     *     https://name[:port]}
     * @param keys keys of which one must be shown; none if there is none
     * @param door who may ask beside the page, where there are no such keys
     */
    public Guard(
            boolean anyHost, List<String> hosts, List<String> origins, ApiKeys keys, Door door) {
        this.anyHost = anyHost;
        this.hosts = Set.copyOf(hosts.stream().map(Guard::lower).toList());
        this.origins = Set.copyOf(origins.stream().map(Guard::lower).toList());
        this.keys = keys;
        this.door = door;
    }

    /** Whether a path is one of the server's own page, or the way to it. */
    static boolean isPage(String path) {
        return path.equals("/") || path.startsWith("/studio/") || path.equals("/studio");
    }

    /** What is wrong with a request, if anything. */
    Optional<HttpProblem> problem(HttpServerRequest request, String path, boolean isOpen) {
        if (!isOurHost(request)) {
            return refused(
                    Kind.FORBIDDEN,
                    "this host name is not allowed; cure: ask for localhost, or allow the name with"
                            + " --allow-host");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !isAllowed(origin)) {
            return refused(
                    Kind.FORBIDDEN,
                    "pages of this site may not ask here; cure: allow it with --allow-origin");
        }
        if (!keys.isEmpty()) {
            return isOpen || keys.knows(key(request)) ? Optional.empty() : refused(withoutKey());
        }
        return isPage(path) || path.equals(HEALTH) ? Optional.empty() : atTheDoor(request, isOpen);
    }

    private Optional<HttpProblem> atTheDoor(HttpServerRequest request, boolean isOpen) {
        return switch (door.access()) {
            case MACHINE -> Optional.empty();
            case KEY ->
                    isOpen || door.knows(key(request)) ? Optional.empty() : refused(withoutKey());
            case PAGE ->
                    refused(
                            Kind.FORBIDDEN,
                            "the server is off for programs; cure: turn it on, on the page"
                                    + " \"Server\" of the studio");
        };
    }

    private static HttpProblem withoutKey() {
        return new HttpProblem(
                Kind.UNAUTHENTICATED,
                "expected a valid API key (Authorization: Bearer KEY, or x-api-key), found none");
    }

    private static Optional<HttpProblem> refused(HttpProblem problem) {
        return Optional.of(problem);
    }

    private static Optional<HttpProblem> refused(Kind kind, String message) {
        return Optional.of(new HttpProblem(kind, message));
    }

    private boolean isOurHost(HttpServerRequest request) {
        if (anyHost) {
            return true;
        }
        if (request.authority() == null) {
            return false;
        }
        String host = lower(String.valueOf(request.authority().host()));
        return isLoopback(host) || hosts.contains(host);
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.endsWith(".localhost");
    }

    /** Whether pages of a site may ask. */
    boolean isAllowed(String origin) {
        if (origins.contains(lower(origin))) {
            return true;
        }
        try {
            URI uri = new URI(origin);
            String scheme = String.valueOf(uri.getScheme());
            return uri.getHost() != null
                    && (scheme.equals("http") || scheme.equals("https"))
                    && isLoopback(lower(uri.getHost()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String key(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && lower(authorization).startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        for (String name : List.of("x-api-key", "api-key")) {
            String key = request.getHeader(name);
            if (key != null) {
                return key.strip();
            }
        }
        return "";
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
