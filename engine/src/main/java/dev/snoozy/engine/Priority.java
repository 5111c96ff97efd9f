package dev.snoozy.engine;

/**
 * How urgent a generation is beside others of the same model. It decides who begins first and whose
 * prompt is read first, never what is written. Whoever waits long enough is taken before those who
 * came later, whatever their priority.
 */
public enum Priority {
    /** Work that nobody waits for; leaves half of the places to others. */
    LOW,
    /** The usual. */
    NORMAL,
    /** Somebody looks at the screen; a quarter of the places is kept for it. */
    HIGH
}
