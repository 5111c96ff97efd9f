package dev.snoozy.hub;

import org.jspecify.annotations.Nullable;

/** A model that cannot be had, or kept: the message says what, why, and the cure. */
public final class HubException extends RuntimeException {
    public HubException(String message) {
        super(message);
    }

    public HubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
