package dev.snoozy.engine.state;

import dev.snoozy.engine.adapter.AdapterSet;

/**
 * What the keys and values of a text depend on, beside the weights: its tokens and its adapters.
 * Two texts share memory as far as their tokens agree, if their adapters are equal.
 *
 * @param tokens the text is the first {@code length} of them
 * @param length number of tokens
 * @param adapters that they are evaluated with
 */
public record PrefixKey(int[] tokens, int length, AdapterSet adapters) {
    /** A text that shares nothing. */
    public static final PrefixKey NONE = new PrefixKey(new int[0], 0);

    /** A text without adapters. */
    public PrefixKey(int[] tokens, int length) {
        this(tokens, length, AdapterSet.NONE);
    }

    /** The same text up to {@code most} tokens. */
    public PrefixKey first(int most) {
        return most >= length ? this : new PrefixKey(tokens, most, adapters);
    }
}
