package dev.snoozy.cli.bench;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.WrongUseException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One test of ours beside the same of a peer.
 *
 * @param ours median, tokens per second
 * @param peer median, tokens per second
 * @param ratio ours by the peer's: above 1 we are faster
 */
record Comparison(String test, int threads, int depth, double ours, double peer, double ratio) {
    /**
     * The results in a file that has the form of {@code bench --json}.
     *
     * @throws WrongUseException if it has another form
     */
    static List<BenchReport.Result> read(Path file) throws IOException {
        JsonNode results;
        try {
            results = Json.mapper().readTree(Input.file(file)).path("results");
        } catch (JacksonException e) {
            throw new WrongUseException(file + " is not JSON: " + e.getOriginalMessage());
        }
        if (!results.isArray() || results.isEmpty()) {
            throw new WrongUseException(
                    file + ": expected what bench --json prints, found no list \"results\"");
        }
        List<BenchReport.Result> peer = new ArrayList<>();
        for (JsonNode result : results.values()) {
            JsonNode median = result.path("median");
            boolean sound =
                    result.path("test").isString()
                            && result.path("threads").isInt()
                            && (!result.has("depth") || result.path("depth").isInt())
                            && median.isNumber()
                            && median.asDouble() > 0;
            if (!sound) {
                throw new WrongUseException(
                        file
                                + ": expected test, threads, depth and a median above 0 in each"
                                + " result, found "
                                + result);
            }
            peer.add(
                    new BenchReport.Result(
                            result.path("test").asString(),
                            result.path("threads").asInt(),
                            result.path("depth").asInt(0),
                            median.asDouble(),
                            List.of(),
                            null));
        }
        return peer;
    }

    /** The tests that both have. */
    static List<Comparison> of(List<BenchReport.Result> ours, List<BenchReport.Result> peer) {
        List<Comparison> both = new ArrayList<>();
        for (BenchReport.Result own : ours) {
            for (BenchReport.Result other : peer) {
                if (own.test().equals(other.test())
                        && own.threads() == other.threads()
                        && own.depth() == other.depth()) {
                    both.add(
                            new Comparison(
                                    own.test(),
                                    own.threads(),
                                    own.depth(),
                                    own.median(),
                                    other.median(),
                                    own.median() / other.median()));
                    break;
                }
            }
        }
        return both;
    }

    /** {@code pp512 @ d1024}; the depth only if there is one. */
    String title() {
        return depth == 0 ? test : test + " @ d" + depth;
    }
}
