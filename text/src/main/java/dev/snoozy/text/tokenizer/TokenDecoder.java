package dev.snoozy.text.tokenizer;

/**
 * Turns the tokens of one stream into text as they come. Holds back the bytes of an unfinished
 * character. Control tokens add nothing, unless they were asked for. Used by one thread at a time.
 */
public interface TokenDecoder {
    /** The text that this token completes; empty while a character is unfinished. */
    String next(int token);

    /** What is left: each byte of an unfinished character as U+FFFD. The decoder starts anew. */
    String finish();
}
