package dev.snoozy.compress;

import java.util.Locale;

/** How small a quantized model is to be. */
public sealed interface Target {
    /** What the user asked for, for messages. */
    String text();

    /**
     * The whole file, metadata included.
     *
     * @param bytes at most
     * @param text what the user wrote
     */
    record FileSize(long bytes, String text) implements Target {
        public FileSize {
            if (bytes < 1) {
                throw new IllegalArgumentException("size: expected 1 byte or more, found " + bytes);
            }
        }
    }

    /**
     * The data of all tensors, for each of their elements on average.
     *
     * @param bits at most
     */
    record BitsPerWeight(double bits) implements Target {
        public BitsPerWeight {
            if (!(bits > 0 && bits <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "bits per weight: expected a number above 0, found " + bits);
            }
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "%s bits per weight", bits);
        }
    }
}
