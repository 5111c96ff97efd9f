package dev.snoozy.text.tokenizer;

import dev.snoozy.format.Metadata;

/** Turns text into token ids and back, by the vocabulary of a model. Immutable and thread-safe. */
public interface Tokenizer {
    /**
     * Tokenizes text.
     *
     * @param text any text; half a surrogate pair counts as U+FFFD
     * @param addSpecial whether to add what the model expects around a text (BOS, EOS, CLS, SEP),
     *     as its metadata says
     * @param parseSpecial whether the names of control tokens inside the text become those tokens.
     *     Only for text the program wrote itself, such as a rendered chat template; never for the
     *     words of users or documents
     * @return token ids
     */
    int[] encode(String text, boolean addSpecial, boolean parseSpecial);

    /**
     * Marks words that are not the program's own, so that they may be put into a chat template:
     * {@link #encodeGuarded} will not read the names of control tokens in them.
     *
     * @return the text with a mark inside every name of a control token
     */
    String guard(String text);

    /**
     * Tokenizes a rendered chat template: names of control tokens become those tokens, except where
     * {@link #guard} has marked them. Adds nothing around the text, since templates do.
     */
    int[] encodeGuarded(String text);

    /**
     * The bytes of a whole sequence of tokens. Undoes what encoding added: the space before the
     * first word, and the spaces before punctuation where the vocabulary asks for it.
     *
     * @param special whether control and unknown tokens appear, by their names
     * @throws dev.snoozy.text.TextException for an id outside the vocabulary
     */
    byte[] decode(int[] ids, boolean special);

    /** The text of a whole sequence of tokens, without control tokens; a bad byte is U+FFFD. */
    default String decode(int[] ids) {
        return new Utf8Decoder().text(decode(ids, false));
    }

    /** The tokens of this vocabulary. */
    Vocabulary vocabulary();

    /** A decoder for one stream of tokens, to which control tokens add nothing. */
    default TokenDecoder decoder() {
        return decoder(false);
    }

    /**
     * A decoder for one stream of tokens.
     *
     * @param special whether control and unknown tokens appear, by their names. Such a name cannot
     *     be told from the same text written with other tokens
     */
    TokenDecoder decoder(boolean special);

    /**
     * The tokenizer of a GGUF file ({@code tokenizer.ggml.*}).
     *
     * @throws dev.snoozy.text.TextException if the vocabulary is unknown, contradicts itself or
     *     lacks something
     */
    static Tokenizer of(Metadata metadata) {
        return Tokenizers.of(metadata);
    }
}
