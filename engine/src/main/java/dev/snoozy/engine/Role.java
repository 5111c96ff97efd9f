package dev.snoozy.engine;

import java.util.Locale;

/** Who speaks. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    /** What a tool has returned. */
    TOOL;

    /** The word that chat templates use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
