package dev.snoozy.server.http;

import java.time.Instant;

/** A request of a program, as the server's owner sees it. Nothing of its content. Thread-safe. */
public final class RequestEntry {
    /** What has become of it. */
    public enum State {
        RUNNING,
        DONE,
        /** Its answer was an error. */
        FAILED,
        /** Its client left, or the owner of the server ended it. */
        CANCELLED
    }

    private static final int FIRST_ERROR = 400;

    private final long id;
    private final Exchange exchange;
    private final Instant begun = Instant.now();
    private final long start = System.nanoTime();
    private String model = "";
    private State state = State.RUNNING;
    private int status;
    private int prompt;
    private int generated;
    private double writing; // milliseconds
    private long end;

    RequestEntry(long id, Exchange exchange) {
        this.id = id;
        this.exchange = exchange;
    }

    /** Its number since the server was started. */
    public long id() {
        return id;
    }

    /** When it came. */
    public Instant begun() {
        return begun;
    }

    /** The path that was asked. */
    public String path() {
        return exchange.rawPath();
    }

    /** The model, or "" where none was used. */
    public synchronized String model() {
        return model;
    }

    public synchronized State state() {
        return state;
    }

    /** The status of the answer; 0 while there is none. */
    public synchronized int status() {
        return status;
    }

    /** Tokens of prompts, of texts that are over. */
    public synchronized int promptTokens() {
        return prompt;
    }

    /** Tokens that were generated, of texts that are over. */
    public synchronized int generatedTokens() {
        return generated;
    }

    /** Tokens generated in a second; 0 where none were. */
    public synchronized double tokensPerSecond() {
        return writing > 0 && generated > 1 ? 1000.0 * (generated - 1) / writing : 0;
    }

    /** How long it has taken so far, in milliseconds. */
    public synchronized double millis() {
        return ((state == State.RUNNING ? System.nanoTime() : end) - start) / 1e6;
    }

    synchronized void uses(String name) {
        model = name;
    }

    synchronized void wrote(int promptTokens, int generatedTokens, double millis) {
        prompt += promptTokens;
        generated += generatedTokens;
        writing += millis;
    }

    /** It is over. */
    synchronized void end() {
        if (state == State.RUNNING) {
            status = exchange.status();
            state = exchange.isGone() ? State.CANCELLED : State.DONE;
            if (state == State.DONE && status >= FIRST_ERROR) {
                state = State.FAILED;
            }
            end = System.nanoTime();
        }
    }

    boolean cancel() {
        synchronized (this) {
            if (state != State.RUNNING) {
                return false;
            }
        }
        exchange.cancel();
        return true;
    }
}
