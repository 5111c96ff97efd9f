package dev.snoozy.hub.download;

import java.time.Duration;

/**
 * How patient and how greedy downloads are. Immutable.
 *
 * @param connections that one file is fetched over at the same time
 * @param connect how long a connection may take
 * @param answer how long a server may take to begin its answer
 * @param stall how long a connection may bring next to nothing before another takes its place
 * @param attempts in a row that may fail without a new byte
 * @param firstWait before the second attempt; doubled for each further one
 * @param longestWait between two attempts, whatever a server asks for
 * @param chunk bytes that one request asks for at least
 * @param journal how often progress is made to last
 */
public record Limits(
        int connections,
        Duration connect,
        Duration answer,
        Duration stall,
        int attempts,
        Duration firstWait,
        Duration longestWait,
        long chunk,
        Duration journal) {
    public Limits {
        if (connections < 1 || connections > 16 || attempts < 1 || chunk < 1) {
            throw new IllegalArgumentException(
                    "expected 1 to 16 connections, 1 or more attempts and bytes, found %d, %d, %d"
                            .formatted(connections, attempts, chunk));
        }
    }

    /** Four connections, half a minute of patience, eight attempts. */
    public static Limits defaults() {
        return new Limits(
                4,
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                8,
                Duration.ofSeconds(1),
                Duration.ofSeconds(120),
                16L << 20,
                Duration.ofSeconds(1));
    }

    /** The same for who waits at a page for a small answer: two attempts, a moment apart. */
    public Limits hasty() {
        return new Limits(
                connections,
                connect,
                answer,
                stall,
                Math.min(attempts, 2),
                firstWait,
                firstWait.multipliedBy(3),
                chunk,
                journal);
    }

    /** The same with another number of connections. */
    public Limits withConnections(int wanted) {
        return new Limits(
                wanted, connect, answer, stall, attempts, firstWait, longestWait, chunk, journal);
    }

    /** Bytes that count as life within the time of a stall: a kilobyte each second. */
    long leastBytes() {
        return Math.max(1, stall.toMillis());
    }
}
