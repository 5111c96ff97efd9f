package dev.snoozy.server.http;

import java.util.Optional;

/**
 * What a request is answered with when it cannot be served. Each dialect writes it in its own
 * shape; the message is for the client, so it names no path and no address.
 */
public final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What went wrong, from which each dialect takes its own words. */
    public enum Kind {
        INVALID_REQUEST(400),
        CONTEXT_EXCEEDED(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        MODEL_NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        TIMEOUT(408),
        TOO_LARGE(413),
        UNSUPPORTED_MEDIA_TYPE(415),
        BUSY(429),
        FAILED(500),
        NOT_SUPPORTED(501),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The status code of HTTP. */
        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private final String field;

    /** A problem of a kind. */
    public HttpProblem(Kind kind, String message) {
        this(kind, "", message);
    }

    private HttpProblem(Kind kind, String field, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.field = field;
    }

    /** A field of the request that is not what it should be. */
    public static HttpProblem invalid(String field, String message) {
        return new HttpProblem(Kind.INVALID_REQUEST, field, field + ": " + message);
    }

    /**
     * A field whose meaning this server does not have, where ignoring it would change the answer.
     */
    public static HttpProblem unsupported(String field, String message) {
        return new HttpProblem(
                Kind.INVALID_REQUEST, field, field + " is not supported: " + message);
    }

    public Kind kind() {
        return kind;
    }

    /** The field that is to blame, if it is one. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** The message, which there always is. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
