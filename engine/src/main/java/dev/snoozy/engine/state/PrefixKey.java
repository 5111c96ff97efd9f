package dev.snoozy.engine.state;

/**
 * What the keys and values of a text depend on, beside the weights: its tokens. Two texts share
 * memory as far as their keys agree; what else comes to change keys and values, such as adapters,
 * becomes a component here and must then be equal.
 *
 * @param tokens the text is the first {@code length} of them
 * @param length number of tokens
 */
public record PrefixKey(int[] tokens, int length) {
    /** A text that shares nothing. */
    public static final PrefixKey NONE = new PrefixKey(new int[0], 0);

    /** The same text up to {@code most} tokens. */
    public PrefixKey first(int most) {
        return most >= length ? this : new PrefixKey(tokens, most);
    }
}
