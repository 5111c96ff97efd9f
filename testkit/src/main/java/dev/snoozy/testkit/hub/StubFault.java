package dev.snoozy.testkit.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** How a server answers who asks for a content. */
@FunctionalInterface
public interface StubFault {
    /** Answers. */
    void answer(StubExchange exchange, byte[] content) throws IOException;

    /** As it should. */
    StubFault NONE = StubExchange::content;

    /** What goes wrong with the first answers; the others are right. */
    static StubFault first(int times, StubFault fault) {
        AtomicInteger count = new AtomicInteger();
        return (exchange, content) -> {
            if (count.getAndIncrement() < times) {
                fault.answer(exchange, content);
            } else {
                NONE.answer(exchange, content);
            }
        };
    }

    /** What goes wrong with every so-manieth answer, the first one among them. */
    static StubFault each(int turn, StubFault fault) {
        AtomicInteger count = new AtomicInteger();
        return (exchange, content) -> {
            if (count.getAndIncrement() % turn == 0) {
                fault.answer(exchange, content);
            } else {
                NONE.answer(exchange, content);
            }
        };
    }

    /** A connection that ends after so many bytes. */
    static StubFault truncated(long bytes) {
        return (exchange, content) -> {
            long from = Math.max(0, exchange.from());
            long end = exchange.end(content.length);
            exchange.headOfPart(content, exchange.from(), end, end - from);
            exchange.send(content, from, Math.min(end, from + bytes));
            exchange.close();
        };
    }

    /** A connection that brings so many bytes and no more, and stays. */
    static StubFault stalled(long bytes) {
        return (exchange, content) -> {
            long from = Math.max(0, exchange.from());
            long end = exchange.end(content.length);
            exchange.headOfPart(content, exchange.from(), end, end - from);
            exchange.send(content, from, Math.min(end, from + bytes));
            exchange.stall();
        };
    }

    /** No answer at all. */
    static StubFault silent() {
        return (exchange, content) -> exchange.stall();
    }

    /** A byte now and then. */
    static StubFault dripping() {
        return (exchange, content) -> {
            long from = Math.max(0, exchange.from());
            long end = exchange.end(content.length);
            exchange.headOfPart(content, exchange.from(), end, end - from);
            for (long at = from; at < end; at++) {
                exchange.send(content, at, at + 1);
                StubExchange.pause(40);
            }
        };
    }

    /** A status and nothing else. */
    static StubFault status(int status, String... pairs) {
        return (exchange, content) -> exchange.answer(status, "", pairs);
    }

    /** The whole content, whatever range was asked for. */
    static StubFault withoutRanges() {
        return (exchange, content) -> exchange.part(content, -1, content.length);
    }

    /** The right answer, and then more and more. */
    static StubFault endless() {
        return (exchange, content) -> {
            long from = Math.max(0, exchange.from());
            long end = exchange.end(content.length);
            exchange.head(
                    exchange.from() < 0 ? 200 : 206,
                    "Connection",
                    "close",
                    "Content-Range",
                    "bytes %d-%d/%d".formatted(from, end - 1, content.length));
            exchange.send(content, from, end);
            byte[] more = new byte[1 << 16];
            for (int i = 0; i < 1 << 14; i++) {
                exchange.send(more, 0, more.length);
            }
            exchange.close();
        };
    }

    /** One byte that is not the right one in each answer. */
    static StubFault wrongBytes() {
        return (exchange, content) -> {
            byte[] wrong = content.clone();
            wrong[(int) Math.max(0, exchange.from())] ^= 1;
            exchange.content(wrong);
        };
    }

    /** Another place than the one that was asked for. */
    static StubFault otherRange() {
        return (exchange, content) ->
                exchange.part(
                        content,
                        Math.max(0, exchange.from() - 1),
                        exchange.end(content.length) - 1);
    }

    /** Packed, asked or not. */
    static StubFault packed(boolean onlyIfAccepted) {
        return (exchange, content) -> {
            if (onlyIfAccepted && !exchange.header("accept-encoding").contains("gzip")) {
                NONE.answer(exchange, content);
                return;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(content, 0, Math.min(content.length, 100_000));
            }
            exchange.head(
                    200,
                    "Content-Encoding",
                    "gzip",
                    "Content-Length",
                    Integer.toString(bytes.size()));
            exchange.send(bytes.toByteArray(), 0, bytes.size());
        };
    }
}
