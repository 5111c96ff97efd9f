package dev.snoozy.hub;

import java.nio.file.Path;

/**
 * Something in a folder of models that is not listed as a model.
 *
 * @param file what it is
 * @param place in whose folder it lies
 * @param reason why it is no model that can be used
 */
public record SkippedFile(Path file, Place place, String reason) {}
