package dev.snoozy.server.http;

import java.time.Duration;

/**
 * How long an answer waits for a client that reads slowly, and how long it may be silent.
 *
 * @param bytes what may wait to be sent
 * @param patience how long more than that may wait before the client is dropped
 * @param ping after how long a silence server-sent events show that somebody is at work
 */
public record OutboxLimits(int bytes, Duration patience, Duration ping) {}
