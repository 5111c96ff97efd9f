package dev.snoozy.curate.recipe;

import java.io.IOException;

/** A recipe that says something else than recipes do; the message has file and line. */
public final class RecipeException extends IOException {
    private static final long serialVersionUID = 1;

    RecipeException(String message) {
        super(message);
    }
}
