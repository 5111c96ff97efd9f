package dev.snoozy.engine;

/**
 * How long a generation took.
 *
 * @param promptMillis from the request to the first generated token
 * @param generationMillis from the first generated token to the last
 * @param promptPerSecond prompt tokens evaluated per second
 * @param generatedPerSecond tokens generated per second, the first not counted; 0 if there was one
 */
public record Timings(
        double promptMillis,
        double generationMillis,
        double promptPerSecond,
        double generatedPerSecond) {

    /** Timings from three instants in nanoseconds. */
    static Timings of(long start, long first, long end, int evaluated, int generated) {
        double prompt = (first - start) / 1e6;
        double generation = (end - first) / 1e6;
        return new Timings(
                prompt,
                generation,
                prompt > 0 ? evaluated * 1e3 / prompt : 0,
                generation > 0 && generated > 1 ? (generated - 1) * 1e3 / generation : 0);
    }
}
