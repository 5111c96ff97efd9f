package dev.snoozy.text.template;

/**
 * An arithmetic progression.
 *
 * @param step never 0
 */
record Range(long start, long stop, long step) {
    /** The most elements a range of a template may have, as in Jinja's sandbox. */
    static final int LONGEST = 100_000;

    /** Beyond this, bounds would need more than 64 bits to subtract. */
    private static final long FARTHEST = 1L << 61;

    /** A range of no more than {@link #LONGEST} elements. */
    static Range checked(long start, long stop, long step) {
        if (step == 0) {
            throw TemplateException.value("range() arg 3 must not be zero");
        }
        Range range = new Range(start, stop, step);
        boolean far =
                Math.max(Math.abs(start), Math.max(Math.abs(stop), Math.abs(step))) > FARTHEST;
        if (far || range.count() > LONGEST) {
            throw TemplateException.runtime(
                    "OverflowError",
                    "Range too big. The sandbox blocks ranges larger than MAX_RANGE ("
                            + LONGEST
                            + ").");
        }
        return range;
    }

    int size() {
        return Math.toIntExact(count());
    }

    private long count() {
        long distance = step > 0 ? stop - start : start - stop;
        long stride = Math.abs(step);
        return distance <= 0 ? 0 : (distance - 1) / stride + 1;
    }

    long get(int index) {
        return start + index * step;
    }
}
