package dev.snoozy.hub;

import dev.snoozy.hub.download.StatusException;

/** A place that has models, which knows what its refusals mean. Thread-safe. */
interface Source {
    /** What a user is told of an answer. */
    HubException explain(StatusException refusal);
}
