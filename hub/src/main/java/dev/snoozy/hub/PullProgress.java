package dev.snoozy.hub;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a pull is. Immutable.
 *
 * @param file that is fetched or verified, "" while there is none
 * @param sha256 the digest that it should have, "" if nobody tells
 * @param done bytes of the whole pull
 * @param total bytes of the whole pull, 0 while that is not known
 * @param fileDone bytes of the file
 * @param fileTotal bytes of the file, 0 while that is not known
 * @param bytesPerSecond of late; 0 if there is nothing to tell
 * @param connections that bring bytes at present
 */
public record PullProgress(
        Phase phase,
        String file,
        String sha256,
        long done,
        long total,
        long fileDone,
        long fileTotal,
        double bytesPerSecond,
        int connections) {
    /** What is being done. */
    public enum Phase {
        /** Another process pulls the same model. */
        WAITING,
        RESOLVING,
        DOWNLOADING,
        VERIFYING,
        DONE
    }

    /** How long it will take at the rate of late, if that can be told. */
    public Optional<Duration> left() {
        return bytesPerSecond <= 0 || total <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) ((total - done) * 1000 / bytesPerSecond)));
    }
}
