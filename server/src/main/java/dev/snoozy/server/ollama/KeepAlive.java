package dev.snoozy.server.ollama;

import dev.snoozy.server.http.Fields;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a model stays: a number of seconds, or a duration as Go writes it ("1h30m"). */
final class KeepAlive {
    private static final String NAME = "keep_alive";
    private static final double MOST_SECONDS = 1e9; // 31 years

    private static final Pattern PART =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern DURATION =
            Pattern.compile("[+-]?(?:0|(?:" + PART.pattern() + "){1,8})");

    private static final Map<String, Double> SECONDS =
            Map.of(
                    "ns", 1e-9, "us", 1e-6, "µs", 1e-6, "μs", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0,
                    "h", 3600.0);

    private KeepAlive() {}

    /** The time that a request asks for, negative for ever; none if it does not say. */
    static Optional<Duration> read(Fields fields) {
        Optional<JsonNode> node = fields.any(NAME);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        double seconds;
        if (node.get().isNumber()) {
            seconds = fields.number(NAME, -Double.MAX_VALUE, Double.MAX_VALUE, 0);
        } else {
            String text = fields.requiredString(NAME);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            seconds = seconds(fields, text);
        }
        if (seconds < 0) {
            return Optional.of(Duration.ofSeconds(-1));
        }
        if (seconds > MOST_SECONDS) {
            throw fields.invalid(NAME, "expected at most 31 years, or a negative number for ever");
        }
        return Optional.of(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    private static double seconds(Fields fields, String text) {
        if (!DURATION.matcher(text).matches()) {
            throw fields.invalid(
                    NAME, "expected a duration such as \"5m\", \"1h30m\" or \"-1s\", or seconds");
        }
        double sum = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            sum += Double.parseDouble(part.group(1)) * SECONDS.getOrDefault(part.group(2), 0.0);
        }
        return text.startsWith("-") ? -sum : sum;
    }
}
