package dev.snoozy.cli;

/** Whoever read the output has gone, as {@code head} does: there is nobody to work for. */
public final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
