package dev.snoozy.text;

/**
 * A vocabulary or template that cannot be used. The message says what was found and what was
 * expected.
 */
public class TextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TextException(String message) {
        super(message);
    }
}
