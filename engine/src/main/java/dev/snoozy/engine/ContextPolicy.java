package dev.snoozy.engine;

/** What becomes of a conversation that does not fit into the context. */
public enum ContextPolicy {
    /** It is refused; an answer ends where the context does. */
    REFUSE,
    /**
     * The oldest turns are left out, and the reply says how many messages those were. System
     * messages and the last turn stay; if they alone are too long, that is refused.
     */
    DROP_OLDEST,
    /**
     * As {@link #DROP_OLDEST}; and if the context fills up while the model answers, the older half
     * of what follows the system messages is dropped and the answer goes on.
     */
    SHIFT
}
