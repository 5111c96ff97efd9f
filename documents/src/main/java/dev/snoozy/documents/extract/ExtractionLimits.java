package dev.snoozy.documents.extract;

import java.time.Duration;
import java.util.Objects;

/**
 * What the reading of one file may take. Immutable.
 *
 * @param time from when a worker has the file; it is ended then
 * @param heapMegabytes memory of a worker for Java objects
 * @param characters of text; what is longer is cut, and a note says so
 * @param fileBytes larger files are refused
 */
public record ExtractionLimits(Duration time, int heapMegabytes, int characters, long fileBytes) {
    public ExtractionLimits {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time: expected some, found " + time);
        }
        if (heapMegabytes < 32 || characters < 1 || fileBytes < 1) {
            throw new IllegalArgumentException(
                    "expected at least 32 MB of heap, 1 character and 1 byte, found %d, %d and %d"
                            .formatted(heapMegabytes, characters, fileBytes));
        }
    }

    /** A minute, 512 MB, 20 million characters, files of 1 GB. */
    public static ExtractionLimits defaults() {
        return new ExtractionLimits(Duration.ofMinutes(1), 512, 20_000_000, 1L << 30);
    }

    public ExtractionLimits withTime(Duration wanted) {
        return new ExtractionLimits(wanted, heapMegabytes, characters, fileBytes);
    }

    public ExtractionLimits withCharacters(int wanted) {
        return new ExtractionLimits(time, heapMegabytes, wanted, fileBytes);
    }
}
