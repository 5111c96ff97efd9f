package dev.snoozy.curate.records;

/** An object that no layout fits. */
public final class UnknownLayoutException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownLayoutException(String message) {
        super(message);
    }
}
