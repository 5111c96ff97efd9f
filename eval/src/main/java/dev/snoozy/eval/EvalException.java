package dev.snoozy.eval;

/** An evaluation cannot be done, because of its files. The message says what to do. */
public final class EvalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EvalException(String message) {
        super(message);
    }

    public EvalException(String message, Throwable cause) {
        super(message, cause);
    }
}
