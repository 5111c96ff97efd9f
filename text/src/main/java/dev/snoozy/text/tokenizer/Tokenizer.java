package dev.snoozy.text.tokenizer;

import dev.snoozy.format.Metadata;
import dev.snoozy.text.TextException;

/** Turns text into token ids and back, by the vocabulary of a model. Immutable and thread-safe. */
public interface Tokenizer {
    /**
     * Tokenizes text.
     *
     * @param text any text
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
    default String guard(String text) {
        return text;
    }

    /**
     * Tokenizes a rendered chat template: names of control tokens become those tokens, except where
     * {@link #guard} has marked them. Adds nothing around the text, since templates do.
     */
    default int[] encodeGuarded(String text) {
        return encode(text, false, true);
    }

    /** The tokens of this vocabulary. */
    Vocabulary vocabulary();

    /** A decoder for one stream of tokens. */
    TokenDecoder decoder();

    /** The tokenizer of a GGUF file ({@code tokenizer.ggml.*}). */
    static Tokenizer of(Metadata metadata) {
        throw new TextException(
                "tokenizer.ggml.model: found " + metadata.string("tokenizer.ggml.model", "none"));
    }
}
