package dev.snoozy.documents.extract;

/** A file whose text cannot be had. The message says what was found and what can be done. */
public final class ExtractionException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why it cannot. */
    public enum Reason {
        /** Not what its name says, cut off, or damaged. */
        BROKEN,
        /** It wants a password. */
        ENCRYPTED,
        /** No reader for this kind of file. */
        UNSUPPORTED,
        /** It wanted more time or memory than a file may have. */
        LIMIT,
        /** The worker process could not be started, or the file not be read. */
        SYSTEM
    }

    private final Reason reason;

    public ExtractionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
