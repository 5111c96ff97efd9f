package dev.snoozy.cli;

/** The user asked for something that cannot be: the exit code is 2. */
public final class WrongUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongUseException(String message) {
        super(message);
    }
}
