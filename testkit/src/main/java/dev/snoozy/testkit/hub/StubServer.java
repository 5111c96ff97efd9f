package dev.snoozy.testkit.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A server of HTTP/1.1 on loopback that may answer as badly as a test wants. Thread-safe. */
public final class StubServer implements AutoCloseable {
    /** A request that was seen. */
    public record Seen(String target, Map<String, String> headers) {}

    /** Answers requests. */
    @FunctionalInterface
    public interface Handler {
        void handle(StubExchange exchange) throws IOException;
    }

    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicLong served = new AtomicLong();
    private volatile Handler handler;
    private volatile long bytesPerSecond;

    private StubServer(ServerSocket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    /** A server on a free port. */
    public static StubServer start(Handler handler) {
        try {
            StubServer server =
                    new StubServer(
                            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), handler);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                // Small, so that little is under way that the other side will never read.
                accepted.setSendBufferSize(1 << 16);
                accepted.setTcpNoDelay(true);
                open.add(accepted);
                Thread.ofVirtual().start(() -> serve(accepted));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            BufferedInputStream in = new BufferedInputStream(accepted.getInputStream());
            boolean more = true;
            while (more) {
                Optional<StubExchange> exchange =
                        StubExchange.read(accepted, in, served, bytesPerSecond);
                more = exchange.isPresent();
                if (more) {
                    seen.add(new Seen(exchange.get().target(), exchange.get().headers()));
                    handler.handle(exchange.get());
                    more = !exchange.get().isClosed();
                }
            }
        } catch (IOException e) {
            return; // the other side has gone, which is what many tests are about
        } finally {
            open.remove(accepted);
        }
    }

    /** Answers otherwise from now on. */
    public void handle(Handler other) {
        handler = other;
    }

    /** Sends contents no faster than this; 0 for as fast as can be. */
    public void throttle(long bytes) {
        bytesPerSecond = bytes;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Its address under one of the names that this machine has for itself. */
    public String url(String host) {
        return "http://" + host + ":" + port();
    }

    /** What was asked, in order. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** Bytes of contents that were sent. */
    public long served() {
        return served.get();
    }

    /** Forgets what was seen and served. */
    public void forget() {
        seen.clear();
        served.set(0);
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
