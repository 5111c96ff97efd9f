package dev.snoozy.hub.download;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What tests of downloads share. */
public final class Downloads {
    private Downloads() {}

    /** Little patience, so that faults take no time. */
    public static Limits impatient() {
        return new Limits(
                4,
                Duration.ofSeconds(5),
                Duration.ofMillis(700),
                Duration.ofMillis(500),
                6,
                Duration.ofMillis(5),
                Duration.ofMillis(300),
                4L << 20,
                Duration.ofMillis(50));
    }

    /** A client without tokens that may ask the given server. */
    static Web web(URI server, Limits limits) {
        return new Web(List.of(server), Map.of(), null, List.of(), limits);
    }

    /** Bytes like any others. */
    public static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
