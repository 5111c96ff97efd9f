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
