package dev.snoozy.documents.index;

/** A collection that cannot do what it was asked to. The message says what was found and why. */
public final class DocumentsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DocumentsException(String message) {
        super(message);
    }

    public DocumentsException(String message, Throwable cause) {
        super(message, cause);
    }
}
