package dev.snoozy.engine;

import java.nio.file.Path;

/**
 * An adapter to be loaded with a model and used for its texts.
 *
 * @param file a LoRA adapter in GGUF
 * @param scale multiplied with the adapter's own: 1 as it was trained
 */
public record AdapterSource(Path file, float scale) {
    public AdapterSource {
        if (!Float.isFinite(scale)) {
            throw new IllegalArgumentException(
                    "scale of the adapter " + file + ": expected a number, found " + scale);
        }
    }
}
