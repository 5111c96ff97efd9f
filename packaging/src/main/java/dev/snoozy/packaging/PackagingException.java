package dev.snoozy.packaging;

import java.io.Serial;

/** Something that prevents a package, with its cure. */
final class PackagingException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    PackagingException(String message) {
        super(message);
    }

    PackagingException(String message, Throwable cause) {
        super(message, cause);
    }
}
