package dev.snoozy.hub.download;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer at the end of its redirects.
 *
 * @param uri that answered
 * @param headers of each answer on the way, the last one's at the end
 * @param isElsewhere whether another site answered than the one that was asked
 */
public record Reply<T>(
        URI uri, int status, List<HttpHeaders> headers, T body, boolean isElsewhere) {
    private static final Pattern RANGE =
            Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)");

    /** A header of the last answer. */
    public Optional<String> header(String name) {
        return headers.getLast().firstValue(name);
    }

    /** A header of the first answer that has it: who redirects may say what comes. */
    public Optional<String> anyHeader(String name) {
        return headers.stream().flatMap(each -> each.firstValue(name).stream()).findFirst();
    }

    /** The number of a header, if it is one. */
    OptionalLong number(String name) {
        return header(name).map(Reply::parse).orElse(OptionalLong.empty());
    }

    private static OptionalLong parse(String text) {
        return text.matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    /**
     * The field {@code Content-Range} (RFC 9110, 14.4).
     *
     * @param from first byte, or -1 if none was sent
     * @param total bytes of all, or -1 if it is not told
     */
    record ContentRange(long from, long total) {}

    /** The range that was sent, if it is told. */
    Optional<ContentRange> range() {
        return header("Content-Range")
                .flatMap(text -> {
                    Matcher matcher = RANGE.matcher(text);
                    if (!matcher.matches()) {
                        return Optional.empty();
                    }
                    String from = matcher.group(1);
                    String total = matcher.group(3);
                    return Optional.of(
                            new ContentRange(
                                    from == null ? -1 : Long.parseLong(from),
                                    total.equals("*") ? -1 : Long.parseLong(total)));
                });
    }

    /** What tells one state of a file from another: a strong ETag, else whatever there is. */
    Optional<String> validator() {
        return header("ETag").or(() -> header("Last-Modified"));
    }

    /** Whether the content is not sent as it is. */
    boolean isEncoded() {
        return header("Content-Encoding").filter(e -> !e.equalsIgnoreCase("identity")).isPresent();
    }

    /** The exception that this answer is. */
    public StatusException problem() {
        String code = anyHeader("X-Error-Code").filter(c -> c.matches("\\w{1,40}")).orElse("");
        return new StatusException(status, String.valueOf(uri.getHost()), code);
    }
}
