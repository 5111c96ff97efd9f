package dev.snoozy.server.http;

import dev.snoozy.server.http.HttpProblem.Kind;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes requests from the network, sees who is let in, collects the body, and gives each to its
 * handler on a virtual thread. Closing it lets what is in progress end, until a deadline.
 */
public final class WebServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WebServer.class.getName());
    private static final int LONGEST_LINE = 8192;
    private static final int LARGEST_HEADERS = 32768;
    private static final int START_SECONDS = 30;
    private static final int DRAIN_MILLIS = 20;
    private static final String VERTX_LOG = "vertx.logger-delegate-factory-class-name";

    static {
        // Both would else look for other logging libraries; one that lies beside them without a
        // provider says so on standard output, where a command prints its results.
        if (System.getProperty(VERTX_LOG) == null) {
            System.setProperty(VERTX_LOG, "io.vertx.core.logging.JULLogDelegateFactory");
        }
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    private final Vertx vertx;
    private final Routes routes;
    private final Guard guard;
    private final RequestLog log;
    private final HttpLimits limits;
    private final Duration drainTime;
    private final AtomicInteger inProgress = new AtomicInteger();
    private final HttpServer server;

    /** Connections that have not asked anything yet, and the timers that end them. */
    private final Map<HttpConnection, Long> silent = new ConcurrentHashMap<>();

    private volatile boolean draining;

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @param log notes the requests of programs; those of the page are not noted
     * @param drainTime how long closing waits for what is in progress
     * @throws IOException if the address cannot be used
     */
    public WebServer(
            String host,
            int port,
            Routes routes,
            Guard guard,
            RequestLog log,
            HttpLimits limits,
            Duration drainTime)
            throws IOException {
        this.routes = routes;
        this.guard = guard;
        this.log = log;
        this.limits = limits;
        this.drainTime = drainTime;
        vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setEventLoopPoolSize(2)
                                .setWorkerPoolSize(1)
                                .setInternalBlockingPoolSize(1));
        HttpServerOptions options =
                new HttpServerOptions()
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LARGEST_HEADERS)
                        // An offer to upgrade is not taken up, which is always right (RFC 9110,
                        // 7.8); so every connection is known from its first byte on.
                        .setHttp2ClearTextEnabled(false)
                        .setReuseAddress(true)
                        .setTcpNoDelay(true);
        HttpServer made = vertx.createHttpServer(options);
        made.requestHandler(this::take);
        made.invalidRequestHandler(this::refuseMalformed);
        made.connectionHandler(this::expectRequest);
        server = listen(made, host, port);
    }

    private HttpServer listen(HttpServer made, String host, int port) throws IOException {
        try {
            return made.listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            vertx.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            vertx.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting to listen", e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Requests in progress. */
    int inProgress() {
        return inProgress.get();
    }

    /** A client that connects and does not ask is let go. */
    private void expectRequest(HttpConnection connection) {
        silent.put(
                connection,
                vertx.setTimer(
                        limits.bodyTime().toMillis(),
                        late -> {
                            silent.remove(connection);
                            connection.close();
                        }));
        connection.closeHandler(closed -> hasAsked(connection));
    }

    /** The timer goes with its connection, which it would keep in memory. */
    private void hasAsked(HttpConnection connection) {
        Long timer = silent.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** What is no HTTP, or more of it than is taken. */
    private void refuseMalformed(HttpServerRequest request) {
        hasAsked(request.connection());
        Throwable cause = request.decoderResult().cause();
        int status = Kind.INVALID_REQUEST.status();
        String message = "the request is not sound HTTP";
        if (cause instanceof TooLongHttpLineException) {
            status = HttpResponseStatus.REQUEST_URI_TOO_LONG.code();
            message = "expected a request line of at most " + LONGEST_LINE + " bytes, found more";
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.code();
            message = "expected headers of at most " + LARGEST_HEADERS + " bytes, found more";
        }
        HttpProblem problem = new HttpProblem(Kind.INVALID_REQUEST, message);
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaderNames.CONNECTION, "close")
                .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
                .end(Buffer.buffer(Json.bytes(routes.otherwise().of(problem))))
                .onComplete(sent -> request.connection().close());
    }

    /** On the event loop: checks, and begins to collect the body. */
    private void take(HttpServerRequest request) {
        hasAsked(request.connection());
        String method = request.method().name();
        String path = String.valueOf(request.path());
        Routes.Route route = routes.find(method, path);
        Optional<HttpProblem> problem =
                guard.problem(
                        request, path, route == null || route.isOpen() || isPreflight(request));
        allowOrigin(request);
        if (problem.isEmpty() && isPreflight(request)) {
            preflight(request, routes.allowed(path));
            return;
        }
        if (problem.isEmpty()) {
            problem = Optional.ofNullable(whatIsWrong(request, method, path, route));
        }
        if (problem.isPresent() || route == null) {
            refuse(request, path, problem.orElseThrow());
            return;
        }
        collect(request, route);
    }

    private @Nullable HttpProblem whatIsWrong(
            HttpServerRequest request, String method, String path, Routes.@Nullable Route route) {
        Set<String> allowed = routes.allowed(path);
        if (allowed.isEmpty()) {
            return new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path");
        }
        if (route == null) {
            request.response().putHeader(HttpHeaderNames.ALLOW, String.join(", ", allowed));
            return new HttpProblem(
                    Kind.METHOD_NOT_ALLOWED,
                    "expected " + String.join(" or ", allowed) + ", found " + method);
        }
        if (draining) {
            return new HttpProblem(Kind.UNAVAILABLE, "the server is shutting down");
        }
        if (inProgress.get() >= limits.requests()) {
            return new HttpProblem(Kind.BUSY, "too many requests in progress; cure: try again");
        }
        if (announced(request) > limits.bodyBytes()) {
            return tooLarge();
        }
        if (hasBody(request) && !isJson(request)) {
            return new HttpProblem(
                    Kind.UNSUPPORTED_MEDIA_TYPE,
                    "expected Content-Type: application/json; cure: add that header");
        }
        return null;
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(
                Kind.TOO_LARGE,
                "the body: expected at most " + limits.bodyBytes() + " bytes, found more");
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        boolean isEmpty = length == null ? !isChunked(request) : length.strip().equals("0");
        return !isEmpty;
    }

    private static boolean isChunked(HttpServerRequest request) {
        return request.getHeader(HttpHeaderNames.TRANSFER_ENCODING) != null;
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return false;
        }
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") || media.endsWith("+json");
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return request.method().name().equals("OPTIONS")
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Says to the browser that the page may read the answer; never with credentials. */
    private void allowOrigin(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null && guard.isAllowed(origin)) {
            request.response()
                    .putHeader("Access-Control-Allow-Origin", origin)
                    .putHeader("Vary", "Origin");
        }
    }

    private static void preflight(HttpServerRequest request, Set<String> allowed) {
        request.response()
                .putHeader("Access-Control-Allow-Methods", String.join(", ", allowed))
                .putHeader(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, X-Api-Key, Anthropic-Version")
                .putHeader("Access-Control-Max-Age", "600")
                .setStatusCode(204)
                .end();
    }

    private void collect(HttpServerRequest request, Routes.Route route) {
        String expects = request.getHeader(HttpHeaderNames.EXPECT);
        if (expects != null && expects.equalsIgnoreCase("100-continue")) {
            request.response().writeContinue();
        }
        Context context = vertx.getOrCreateContext();
        Buffer body = Buffer.buffer();
        inProgress.incrementAndGet();
        Collecting state = new Collecting();
        long timer =
                vertx.setTimer(
                        limits.bodyTime().toMillis(),
                        late -> {
                            if (state.end()) {
                                inProgress.decrementAndGet();
                                refuse(
                                        request,
                                        route,
                                        new HttpProblem(
                                                Kind.TIMEOUT, "the body took too long to come"));
                            }
                        });
        request.exceptionHandler(broken -> {
            if (state.end()) {
                vertx.cancelTimer(timer);
                inProgress.decrementAndGet();
            }
        });
        request.handler(part -> {
            if (!state.isOver() && body.length() + part.length() > limits.bodyBytes()) {
                state.end();
                vertx.cancelTimer(timer);
                inProgress.decrementAndGet();
                refuse(request, route, tooLarge());
            } else if (!state.isOver()) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(whole -> {
            if (state.end()) {
                vertx.cancelTimer(timer);
                Exchange exchange =
                        new Exchange(context, request, body.getBytes(), limits.outbox());
                Thread.ofVirtual().name("snoozy-request").start(() -> serve(exchange, route));
            }
        });
    }

    /** Whether the body of a request is still to come; on the event loop only. */
    private static final class Collecting {
        private boolean over;

        boolean isOver() {
            return over;
        }

        /** Ends it; false if it has ended before. */
        boolean end() {
            boolean first = !over;
            over = true;
            return first;
        }
    }

    private void serve(Exchange exchange, Routes.Route route) {
        Thread worker = Thread.currentThread();
        exchange.whenGone(worker::interrupt); // whatever it waits for, nobody else does
        RequestEntry entry = Guard.isPage(exchange.rawPath()) ? null : log.begin(exchange);
        try {
            route.handler().handle(exchange);
        } catch (ClientGoneException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client has left");
        } catch (HttpProblem e) {
            answer(exchange, route, e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            if (exchange.isGone()) {
                return; // interrupted, most likely
            }
            LOG.log(System.Logger.Level.ERROR, "a request failed: " + exchange.path(), e);
            answer(exchange, route, new HttpProblem(Kind.FAILED, "the request failed inside"));
        } finally {
            if (entry != null) {
                entry.end();
            }
            inProgress.decrementAndGet();
        }
    }

    private static void answer(Exchange exchange, Routes.Route route, HttpProblem problem) {
        if (exchange.isGone()) {
            return;
        }
        if (exchange.hasAnswered()) {
            LOG.log(System.Logger.Level.WARNING, "an answer broke off: {0}", problem.text());
            exchange.breakOff();
            return;
        }
        if (isPassing(problem)) {
            exchange.set("Retry-After", "1");
        }
        exchange.json(problem.kind().status(), route.errors().of(problem));
    }

    private static boolean isPassing(HttpProblem problem) {
        return problem.kind() == Kind.BUSY || problem.kind() == Kind.UNAVAILABLE;
    }

    private void refuse(HttpServerRequest request, String path, HttpProblem problem) {
        refuse(request, routes.errors(path), problem);
    }

    private static void refuse(HttpServerRequest request, Routes.Route route, HttpProblem problem) {
        refuse(request, route.errors(), problem);
    }

    /**
     * Answers without having read the body; the connection ends, for the rest of it may be long.
     */
    private static void refuse(HttpServerRequest request, ErrorShape shape, HttpProblem problem) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (isPassing(problem)) {
            response.putHeader("Retry-After", "1");
        }
        if (hasBody(request)
                && request.version() != HttpVersion.HTTP_2) { // which has no such header
            response.putHeader(HttpHeaderNames.CONNECTION, "close");
        }
        response.setStatusCode(problem.kind().status())
                .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
                .end(Buffer.buffer(Json.bytes(shape.of(problem))))
                .onComplete(sent -> {
                    if (hasBody(request)) {
                        request.connection().close();
                    }
                });
    }

    /** Takes no more requests, waits for those in progress, and closes. */
    @Override
    public void close() {
        draining = true;
        long end = System.nanoTime() + drainTime.toNanos();
        boolean interrupted = false;
        while (inProgress.get() > 0 && System.nanoTime() < end && !interrupted) {
            try {
                Thread.sleep(DRAIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "the network did not close: {0}", e.getMessage());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
