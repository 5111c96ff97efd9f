package dev.snoozy.documents.index;

/** Says how many tokens a text has. Thread-safe. */
@FunctionalInterface
interface TokenCounter {
    int count(String text);

    /**
     * Without a tokenizer: four characters to a token, as usual vocabularies have in English, and
     * one for each character of scripts that write without spaces.
     */
    static int estimate(String text) {
        int quarters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quarters += Character.isIdeographic(c) || c >= 0x3040 && c < 0x3100 ? 4 : 1;
        }
        return (quarters + 3) / 4;
    }
}
