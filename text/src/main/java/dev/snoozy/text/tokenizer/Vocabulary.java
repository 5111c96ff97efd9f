package dev.snoozy.text.tokenizer;

/**
 * The tokens of a model. Immutable and thread-safe. Every method that takes an id throws a {@link
 * dev.snoozy.text.TextException} for one outside the vocabulary.
 */
public interface Vocabulary {
    /** Number of tokens. */
    int size();

    /** The token's text as it stands in the vocabulary, in its own escaping. */
    String piece(int id);

    /** The token with this text, in the escaping of the vocabulary, or -1. */
    int id(String piece);

    /**
     * The bytes that a token adds to a text. None for control tokens and unknown tokens. They need
     * not be whole characters.
     */
    byte[] bytes(int id);

    /** Whether a token stands for no text of its own: BOS, end of turn, padding. */
    boolean isControl(int id);

    /** The token with a special part, or -1. */
    int special(SpecialToken part);

    /** The token a text starts with, or -1. */
    int bos();

    /** The token that ends a text, or -1. */
    int eos();

    /** Whether generation ends with this token: end of text, turn or message. */
    boolean endsGeneration(int id);
}
