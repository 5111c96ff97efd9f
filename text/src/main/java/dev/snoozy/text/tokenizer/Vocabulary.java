package dev.snoozy.text.tokenizer;

/** The tokens of a model. Immutable and thread-safe. */
public interface Vocabulary {
    /** Number of tokens. */
    int size();

    /** The token's text as it stands in the vocabulary, in its own escaping. */
    String piece(int id);

    /** Whether a token stands for no text of its own: BOS, end of turn, padding. */
    boolean isControl(int id);

    /** The token a text starts with, or -1. */
    int bos();

    /** The token that ends a text, or -1. */
    int eos();

    /** Whether generation ends with this token: end of text, turn or message. */
    boolean endsGeneration(int id);
}
