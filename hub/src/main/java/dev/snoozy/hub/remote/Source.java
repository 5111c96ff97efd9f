package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.download.StatusException;

/** A place that has models, which knows what its refusals mean. Thread-safe. */
public interface Source {
    /** What a user is told of an answer. */
    HubException explain(StatusException refusal);
}
