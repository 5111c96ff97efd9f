package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

/** A download that cannot succeed: the message says what, found, expected, and the cure. */
public class DownloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DownloadException(String message) {
        super(message);
    }

    public DownloadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
