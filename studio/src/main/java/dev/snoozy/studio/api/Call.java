package dev.snoozy.studio.api;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;

import tools.jackson.databind.JsonNode;

import java.util.Map;

/** A request of the page, with the parts of its path. Used by the thread of its handler. */
public final class Call {
    private final Exchange exchange;
    private final Map<String, String> parameters;

    Call(Exchange exchange, Map<String, String> parameters) {
        this.exchange = exchange;
        this.parameters = Map.copyOf(parameters);
    }

    /** A part of the path, by its name in the template. */
    public String part(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no part " + name);
        }
        return value;
    }

    /** By which name and port the page reached this server. */
    public String host() {
        return exchange.header("Host");
    }

    /**
     * Refuses what the page of another site has asked for, though it only reads: browsers say so.
     *
     * @throws HttpProblem if it was another site
     */
    public void refuseOtherSites() {
        String site = exchange.header("Sec-Fetch-Site"); // W3C Fetch Metadata
        if (!site.isEmpty() && !site.equals("same-origin") && !site.equals("none")) {
            throw new HttpProblem(Kind.FORBIDDEN, "pages of other sites may not ask for this");
        }
    }

    /** The body. */
    public Fields fields() {
        return exchange.fieldsIfAny();
    }

    /** A parameter of the query, or "". */
    public String query(String name) {
        return exchange.query(name);
    }

    /** A whole number in the query. */
    public int query(String name, int least, int most, int otherwise) {
        String value = exchange.query(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw HttpProblem.invalid(
                name, "expected a whole number from " + least + " to " + most + ", found " + value);
    }

    /** Answers with JSON. */
    public void json(JsonNode node) {
        exchange.json(node);
    }

    /** Answers that something was made. */
    public void created(JsonNode node) {
        exchange.json(201, node);
    }

    /** Answers with a text to be saved in a file of this name. */
    public void file(String name, String type, String text) {
        exchange.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
        exchange.text(200, type, text);
    }

    /**
     * Answers with a page that runs its own scripts, of nowhere (Content Security Policy Level 3,
     * {@code sandbox}): it can ask this server nothing, and load nothing from elsewhere.
     */
    public void sandboxed(byte[] page) {
        exchange.set(
                "Content-Security-Policy",
                "sandbox allow-scripts allow-downloads; default-src 'none';"
                        + " script-src 'unsafe-inline'; style-src 'unsafe-inline';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        exchange.set("X-Content-Type-Options", "nosniff").set("Referrer-Policy", "no-referrer");
        exchange.set("Cross-Origin-Opener-Policy", "same-origin");
        exchange.bytes(200, "text/html; charset=utf-8", page);
    }

    /** Answers with nothing but that it is done. */
    public void done() {
        exchange.empty(204);
    }

    /** Answers that it is done, or that there is no such thing. */
    public void done(boolean found, String what) {
        if (!found) {
            throw missing(what);
        }
        done();
    }

    /** The problem that there is no such thing. */
    public static HttpProblem missing(String what) {
        return new HttpProblem(Kind.NOT_FOUND, "there is no such " + what + ", or no longer");
    }

    /** Begins an answer of events. */
    public EventStream events() {
        return exchange.events();
    }
}
