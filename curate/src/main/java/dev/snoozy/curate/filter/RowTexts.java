package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.WordReader;
import dev.snoozy.curate.records.DataRecord;

import org.jspecify.annotations.Nullable;

/**
 * A row with what filters ask of it: each is made once, and only if it is asked for. One thread.
 */
public final class RowTexts {
    private static final ThreadLocal<WordReader> READERS =
            ThreadLocal.withInitial(() -> new WordReader(true));

    private final DataRecord row;
    private final String prompt;
    private final String response;
    private int @Nullable [] promptWords;
    private int @Nullable [] responseWords;

    public RowTexts(DataRecord row) {
        this.row = row;
        prompt = row.prompt();
        response = row.response();
    }

    DataRecord row() {
        return row;
    }

    String prompt() {
        return prompt;
    }

    String response() {
        return response;
    }

    /** Hashes of the words of the prompt. */
    int[] promptWords() {
        if (promptWords == null) {
            promptWords = words(prompt);
        }
        return promptWords;
    }

    /** Hashes of the words of the response. */
    int[] responseWords() {
        if (responseWords == null) {
            responseWords = words(response);
        }
        return responseWords;
    }

    /** A hash for each of the words that {@link dev.snoozy.curate.dedup.Normaliser} tells of. */
    static int[] words(String text) {
        return READERS.get().read(text);
    }
}
