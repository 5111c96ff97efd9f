package dev.snoozy.testkit.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request and the means to answer it, well or badly. Used by one thread. */
public final class StubExchange {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int STEP = 8192;

    private final Socket socket;
    private final OutputStream out;
    private final String target;
    private final Map<String, String> headers;
    private final AtomicLong served;
    private final long bytesPerSecond;
    private boolean closed;

    private StubExchange(
            Socket socket,
            String target,
            Map<String, String> headers,
            AtomicLong served,
            long bytesPerSecond)
            throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.target = target;
        this.headers = headers;
        this.served = served;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Reads the next request of a connection; nothing if it has ended. */
    static Optional<StubExchange> read(
            Socket socket, BufferedInputStream in, AtomicLong served, long bytesPerSecond)
            throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String target = first.split(" ")[1];
        return Optional.of(new StubExchange(socket, target, headers, served, bytesPerSecond));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The path with its query. */
    public String target() {
        return target;
    }

    /** All headers, by their names in small letters. */
    public Map<String, String> headers() {
        return headers;
    }

    /** A header, or "". */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Whether the connection was closed by an answer. */
    boolean isClosed() {
        return closed;
    }

    /** The first byte that is asked for; -1 if all of them are. */
    public long from() {
        Matcher range = RANGE.matcher(header("range"));
        return range.matches() ? Long.parseLong(range.group(1)) : -1;
    }

    /** The byte after the last one that is asked for. */
    public long end(long total) {
        Matcher range = RANGE.matcher(header("range"));
        return range.matches() && !range.group(2).isEmpty()
                ? Math.min(total, Long.parseLong(range.group(2)) + 1)
                : total;
    }

    /** Writes a status line and headers, given as names and values in turn. */
    public StubExchange head(int status, String... pairs) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Stub\r\n");
        for (int i = 0; i < pairs.length; i += 2) {
            head.append(pairs[i]).append(": ").append(pairs[i + 1]).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** Answers with a small body. */
    public void answer(int status, String body, String... pairs) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String[] all = java.util.Arrays.copyOf(pairs, pairs.length + 2);
        all[pairs.length] = "Content-Length";
        all[pairs.length + 1] = Integer.toString(bytes.length);
        head(status, all);
        out.write(bytes);
        out.flush();
    }

    /** Sends a piece of a content, as slowly as the stub was told to. */
    public void send(byte[] content, long from, long end) throws IOException {
        long start = System.nanoTime();
        for (long at = from; at < end; at += STEP) {
            int length = (int) Math.min(STEP, end - at);
            out.write(content, (int) at, length);
            served.addAndGet(length);
            if (bytesPerSecond > 0) {
                long due = (at + length - from) * 1000 / bytesPerSecond;
                pause(Math.max(0, due - (System.nanoTime() - start) / 1_000_000));
            }
        }
        out.flush();
    }

    /** Answers with a content as a server does that knows ranges. */
    public void content(byte[] content, String... pairs) throws IOException {
        part(content, from(), end(content.length), pairs);
    }

    /** The same with other limits of the range. */
    public void part(byte[] content, long from, long end, String... pairs) throws IOException {
        headOfPart(content, from, end, end - Math.max(0, from), pairs);
        send(content, Math.max(0, from), end);
    }

    /** The head of such an answer. */
    public void headOfPart(byte[] content, long from, long end, long length, String... pairs)
            throws IOException {
        int more = from < 0 ? 2 : 4;
        String[] all = java.util.Arrays.copyOf(pairs, pairs.length + more);
        all[pairs.length] = "Content-Length";
        all[pairs.length + 1] = Long.toString(length);
        if (from >= 0) {
            all[pairs.length + 2] = "Content-Range";
            all[pairs.length + 3] = "bytes %d-%d/%d".formatted(from, end - 1, content.length);
        }
        head(from < 0 ? 200 : 206, all);
    }

    /** Ends the connection. */
    public void close() throws IOException {
        closed = true;
        socket.close();
    }

    /** Keeps silent until the other side has gone. */
    public void stall() throws IOException {
        closed = true;
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        socket.close();
    }

    /** Waits. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
