package dev.snoozy.engine;

/** A text that is too long for the context of its model. */
public final class ContextExceededException extends ModelException {
    private static final long serialVersionUID = 1;

    private final int tokens;
    private final int contextLength;

    /**
     * A text that is too long.
     *
     * @param tokens it has
     * @param contextLength tokens that there is room for
     */
    public ContextExceededException(String message, int tokens, int contextLength) {
        super(message);
        this.tokens = tokens;
        this.contextLength = contextLength;
    }

    /** The tokens of the text. */
    public int tokens() {
        return tokens;
    }

    /** The tokens that there is room for. */
    public int contextLength() {
        return contextLength;
    }
}
