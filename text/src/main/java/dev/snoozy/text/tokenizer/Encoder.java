package dev.snoozy.text.tokenizer;

/** Tokenizes text that holds no special tokens. Thread-safe. */
interface Encoder {
    /**
     * Appends the tokens of a fragment.
     *
     * @param text well-formed text, not empty
     * @param start whether it stands at the start or behind a special token
     */
    void encode(String text, boolean start, Ids ids);
}
