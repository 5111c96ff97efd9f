package dev.snoozy.text.template;

/**
 * What is left of the limits of one rendering. Every operation pays before it computes, so that a
 * hostile template fails before it takes the memory or the time. Not thread-safe.
 */
final class Budget {
    /** What an element of a list or dictionary costs, in characters. */
    private static final long ELEMENT = 16;

    /** The largest integer, in bits. Python has no such limit, and no template comes near it. */
    private static final long INTEGER_BITS = 1 << 16;

    private final TemplateLimits limits;
    private long steps;
    private long work;
    private int depth;

    Budget(TemplateLimits limits) {
        this.limits = limits;
    }

    /** Pays for one expression, statement or element. */
    void step() {
        if (++steps > limits.steps()) {
            throw TemplateException.limit(
                    "the template takes more than " + limits.steps() + " steps");
        }
    }

    /** Pays for reading or writing that many characters. */
    void work(long characters) {
        work += Math.min(characters, limits.work() + 1);
        if (work > limits.work()) {
            throw TemplateException.limit(
                    "the template handles more than " + limits.work() + " characters");
        }
    }

    /** Pays for a string of that many characters. */
    void text(long length) {
        requireText(length);
        work(length);
    }

    /** Refuses a string of that many characters if it is too long. */
    void requireText(long length) {
        if (length > limits.text()) {
            throw TemplateException.limit(
                    "a string of %d characters is longer than %d".formatted(length, limits.text()));
        }
    }

    /** Pays for a list, tuple or dictionary of that many elements. */
    void elements(long count) {
        work(count > limits.work() ? count : count * ELEMENT);
    }

    /** Pays for an integer of that many bits. */
    void integer(long bits) {
        if (bits > INTEGER_BITS) {
            throw TemplateException.limit(
                    "an integer of %d bits is larger than %d".formatted(bits, INTEGER_BITS));
        }
        work(bits);
    }

    /** Goes one level down; {@link #leave} comes back. A failure ends the rendering. */
    void enter() {
        step();
        if (++depth > limits.depth()) {
            throw TemplateException.limit(
                    "the template nests more than " + limits.depth() + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
