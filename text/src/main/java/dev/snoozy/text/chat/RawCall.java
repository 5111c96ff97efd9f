package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

/**
 * A call that was read.
 *
 * @param id the model's own, if it wrote one
 * @param arguments the text of a JSON object
 */
record RawCall(@Nullable String id, String name, String arguments) {}
