package dev.snoozy.engine;

/**
 * A model that cannot be used, or a use it does not allow. The message says what was found, what
 * was expected and what to do.
 */
public sealed class ModelException extends RuntimeException permits ContextExceededException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
