package dev.snoozy.server.http;

/** Nobody is there any more to read the answer: not an error, the work just ends. */
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGoneException(String message) {
        super(message, null, false, false);
    }
}
