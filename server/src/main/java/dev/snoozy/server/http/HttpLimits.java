package dev.snoozy.server.http;

import java.time.Duration;

/**
 * What the server takes from clients.
 *
 * @param bodyBytes the largest body
 * @param requests requests in progress at a time; beyond them clients are told to come again
 * @param bodyTime how long a client may take to send its body
 * @param outbox how long an answer waits for a client that reads slowly
 */
public record HttpLimits(int bodyBytes, int requests, Duration bodyTime, OutboxLimits outbox) {
    /** 32 MiB, 1024 requests, a minute; 1 MiB may be unread for 30 seconds, 15 seconds silent. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                32 << 20,
                1024,
                Duration.ofMinutes(1),
                new OutboxLimits(1 << 20, Duration.ofSeconds(30), Duration.ofSeconds(15)));
    }
}
