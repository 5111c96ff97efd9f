package dev.snoozy.studio.store;

/** The data of the studio cannot be read or written; the message says why and what helps. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure with its reason. */
    public StoreException(String message) {
        super(message);
    }

    /** A failure with its cause. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
