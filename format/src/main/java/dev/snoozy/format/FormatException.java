package dev.snoozy.format;

/**
 * A file that is not what it claims to be. The message says what was looked at, what was found and
 * what was expected.
 */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
