package dev.snoozy.compress.convert;

/** A model cannot be converted; the message says what stands in the way and what to do. */
public final class ConvertException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConvertException(String message) {
        super(message);
    }
}
