package dev.snoozy.tune;

/** Training cannot begin or go on, with the reason and the cure. */
public final class TuneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TuneException(String message) {
        super(message);
    }

    public TuneException(String message, Throwable cause) {
        super(message, cause);
    }
}
