package dev.snoozy.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request and its answer, as a handler sees them: used by the handler's own thread, which may
 * wait. Whoever works for a client says with {@link #whenGone} how to stop.
 */
public final class Exchange {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final byte[] body;
    private final Outbox outbox;
    private final List<Runnable> whenGone = new ArrayList<>();
    private boolean gone;

    Exchange(Context context, HttpServerRequest request, byte[] body, OutboxLimits limits) {
        this.request = request;
        response = request.response();
        this.body = body;
        outbox = new Outbox(context, response, limits);
        response.closeHandler(closed -> leave());
        response.exceptionHandler(broken -> leave());
    }

    /** The method, in capitals. */
    public String method() {
        return request.method().name();
    }

    /** The path as it was sent, without the query. */
    public String rawPath() {
        return String.valueOf(request.path());
    }

    /** The path, decoded, without the query. */
    public String path() {
        String path = String.valueOf(request.path());
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(
                    HttpProblem.Kind.INVALID_REQUEST,
                    "the path: expected two hexadecimal digits after each %");
        }
    }

    /**
     * A parameter of the query, or "".
     *
     * @throws HttpProblem if the query is not sound
     */
    public String query(String name) {
        try {
            String value = request.getParam(name);
            return value == null ? "" : value;
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(
                    HttpProblem.Kind.INVALID_REQUEST,
                    "the query: expected two hexadecimal digits after each %");
        }
    }

    /** A header, or "". */
    public String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    /**
     * The body as a JSON object.
     *
     * @throws HttpProblem if it is none
     */
    public Fields fields() {
        JsonNode node = Json.read(body);
        if (node instanceof ObjectNode object) {
            return new Fields(object);
        }
        throw new HttpProblem(
                HttpProblem.Kind.INVALID_REQUEST,
                "the body: expected a JSON object, found " + Json.kind(node));
    }

    /**
     * The body as JSON of any kind.
     *
     * @throws HttpProblem if it is none
     */
    public JsonNode body() {
        return Json.read(body);
    }

    /** As {@link #fields}, where the body may be missing. */
    public Fields fieldsIfAny() {
        return body.length == 0 ? new Fields(Json.object()) : fields();
    }

    /** Runs something when the client leaves before the end, at once if it has left already. */
    public void whenGone(Runnable stop) {
        synchronized (whenGone) {
            if (!gone) {
                whenGone.add(stop);
                return;
            }
        }
        stop.run();
    }

    /** Whether the client has left. */
    public boolean isGone() {
        synchronized (whenGone) {
            return gone;
        }
    }

    /** The status of the answer. */
    int status() {
        return response.getStatusCode();
    }

    /** Ends the request as if its client had left: the connection is closed. */
    void cancel() {
        request.connection().close();
    }

    /** Ends an answer that has begun so that the client sees that it is not whole. */
    void breakOff() {
        outbox.breakOff();
    }

    private void leave() {
        outbox.close();
        List<Runnable> stops;
        synchronized (whenGone) {
            gone = true;
            stops = List.copyOf(whenGone);
            whenGone.clear();
        }
        stops.forEach(Runnable::run);
    }

    /** Whether an answer has begun, so that no other can be given. */
    public boolean hasAnswered() {
        return outbox.hasBegun();
    }

    /** Sets a header of the answer. */
    public Exchange set(String name, String value) {
        response.putHeader(name, value);
        return this;
    }

    /** Answers with JSON. */
    public void json(int status, JsonNode node) {
        send(status, "application/json; charset=utf-8", Json.bytes(node));
    }

    /** Answers with JSON and the status 200. */
    public void json(JsonNode node) {
        json(200, node);
    }

    /** Answers with text. */
    public void text(int status, String type, String text) {
        send(status, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with bytes of a type. */
    public void bytes(int status, String type, byte[] bytes) {
        send(status, type, bytes);
    }

    /** Answers with a status and nothing else: 204, 304, or a redirection whose header is set. */
    public void empty(int status) {
        response.setStatusCode(status);
        outbox.endWith(Buffer.buffer());
    }

    private void send(int status, String type, byte[] bytes) {
        response.setStatusCode(status).putHeader(HttpHeaderNames.CONTENT_TYPE, type);
        outbox.endWith(Buffer.buffer(bytes));
    }

    /** Begins an answer of server-sent events (HTML Living Standard, 9.2). */
    public EventStream events() {
        begin("text/event-stream; charset=utf-8");
        return new EventStream(outbox);
    }

    /** Begins an answer of lines of JSON. */
    public LineStream lines() {
        begin("application/x-ndjson");
        return new LineStream(outbox);
    }

    private void begin(String type) {
        response.setStatusCode(200)
                .setChunked(true)
                .putHeader(HttpHeaderNames.CONTENT_TYPE, type)
                .putHeader(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no");
        outbox.begin();
    }
}
