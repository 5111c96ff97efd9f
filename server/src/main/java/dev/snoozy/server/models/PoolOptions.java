package dev.snoozy.server.models;

import dev.snoozy.engine.LoadOptions;

import java.time.Duration;

/**
 * How models are kept.
 *
 * @param load how each is loaded
 * @param memory the most bytes for models that are loaded, as their loader reckons them; one that
 *     is in use stays in any case
 * @param keepAlive how long a model stays that nobody uses; negative for ever
 * @param parallel requests that a model works at, at a time
 * @param waiting requests that may wait for a model beyond those; more are told to come again
 */
public record PoolOptions(
        LoadOptions load, long memory, Duration keepAlive, int parallel, int waiting) {}
