package dev.snoozy.cook;

/** A recipe that cannot be cooked: what was expected, what found, and the cure. */
public final class CookException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CookException(String message) {
        super(message);
    }
}
