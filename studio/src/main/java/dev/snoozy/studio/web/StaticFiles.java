package dev.snoozy.studio.web;

import dev.snoozy.server.http.ErrorShape;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Routes;

import java.util.Map;

/**
 * The page: files within this module, with the rules that a browser must keep for it. Thread-safe.
 *
 * <p>A browser may keep every file and asks each time whether it is still the same (ETag, RFC 9110,
 * 8.8.3), which costs nothing on the same machine and never shows an old page.
 */
public final class StaticFiles {
    /** Where the page is. */
    public static final String BASE = "/studio/";

    private static final String START = "index.html";

    private final WebFolder folder = new WebFolder();
    private final Map<String, String> rules;

    /** The page of this module. */
    public StaticFiles() {
        rules = PageRules.headers(folder.require(START).text());
    }

    /**
     * Adds the places of the page. Call it after whatever answers below {@link #BASE}: of two
     * places that fit, the one that was added first answers.
     */
    public void addTo(Routes routes, ErrorShape errors) {
        routes.addOpen("GET", "/studio", errors, StaticFiles::toBase);
        routes.addOpen("GET", BASE, errors, exchange -> send(exchange, START));
        routes.addOpen(
                "GET",
                BASE + "*",
                errors,
                exchange -> send(exchange, exchange.path().substring(BASE.length())));
    }

    /** Sends a browser to the page. */
    public static void toBase(Exchange exchange) {
        exchange.set("Location", BASE).text(302, "text/plain", "");
    }

    private void send(Exchange exchange, String name) {
        WebFile file =
                folder.find(name)
                        .orElseThrow(() ->
                                new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path"));
        rules.forEach(exchange::set);
        exchange.set("ETag", file.tag()).set("Cache-Control", "no-cache");
        exchange.set("Vary", "Accept-Encoding");
        if (exchange.header("If-None-Match").contains(file.tag())) {
            exchange.bytes(304, file.type(), new byte[0]);
        } else if (file.isSmallerZipped() && takesGzip(exchange.header("Accept-Encoding"))) {
            exchange.set("Content-Encoding", "gzip").bytes(200, file.type(), file.zipped());
        } else {
            exchange.bytes(200, file.type(), file.bytes());
        }
    }

    private static boolean takesGzip(String accepted) {
        for (String coding : accepted.split(",")) {
            String[] parts = coding.strip().split(";");
            if (parts[0].strip().equalsIgnoreCase("gzip")) {
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
