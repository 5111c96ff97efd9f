package dev.snoozy.server.http;

import java.time.Duration;

/**
 * How long an answer waits for a client that reads slowly.
 *
 * @param bytes what may wait to be sent
 * @param patience how long more than that may wait before the client is dropped
 */
public record OutboxLimits(int bytes, Duration patience) {}
