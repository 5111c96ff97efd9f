package dev.snoozy.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;

/** A client that sends bytes as they are. An answer that does not come is an error, not a hang. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    public RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that a server answers to bytes until it closes the connection. */
    public static String ask(int port, String request) {
        return ask(port, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that a server answers to bytes until it closes the connection. */
    public static String ask(int port, byte[] request) {
        try (RawClient client = new RawClient(port)) {
            client.send(request);
            return client.rest();
        }
    }

    /** The first answer to bytes, which may leave the connection open. */
    public static String answer(int port, byte[] request) {
        try (RawClient client = new RawClient(port)) {
            client.send(request);
            boolean head = new String(request, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
            return client.read(text -> head ? text.contains("\r\n\r\n") : isWhole(text));
        }
    }

    /** Whether an answer is whole by its own account: a length, or chunks and their end. */
    private static boolean isWhole(String text) {
        int body = text.indexOf("\r\n\r\n") + 4;
        if (body < 4 || text.startsWith("HTTP/1.1 100")) {
            return false;
        }
        String head = text.substring(0, body).toLowerCase(Locale.ROOT);
        int length = head.indexOf("content-length: ");
        if (length >= 0) {
            int from = length + "content-length: ".length();
            int wanted = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
            return text.length() - body >= wanted;
        }
        return head.contains("transfer-encoding: chunked") && text.endsWith("0\r\n\r\n");
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes; a server that has refused already may have closed the connection. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** What comes until some text has come. */
    public String until(String mark) {
        StringBuilder text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            while (text.indexOf(mark) < 0) {
                int read = in.read();
                if (read < 0) {
                    throw new IllegalStateException("the connection ended after: " + text);
                }
                text.append((char) read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after: " + text, e);
        }
        return text.toString();
    }

    /** What comes until the connection ends, in whatever way. */
    public String rest() {
        return read(text -> false);
    }

    private String read(Predicate<String> isEnough) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[8192];
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                text.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
                if (isEnough.test(text.toString())) {
                    break;
                }
            }
        } catch (SocketException e) {
            return text.toString(); // reset: the server did not read all that was sent
        } catch (IOException e) {
            throw new UncheckedIOException("after: " + text, e);
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
