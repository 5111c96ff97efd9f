package dev.snoozy.hub;

import org.jspecify.annotations.Nullable;

/**
 * Where a model came from.
 *
 * @param source the kind of place: {@code hf}, {@code ollama}, {@code url}, {@code copy}, {@code
 *     file}
 * @param reference what was asked for there, such as {@code user/repo:Q4_K_M}; never with a token
 * @param revision the commit or digest that was fetched, if the place has such
 */
public record Origin(String source, String reference, @Nullable String revision) {}
