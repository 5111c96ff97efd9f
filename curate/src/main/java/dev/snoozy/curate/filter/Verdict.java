package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.DataRecord;

/** What a filter says of a row. */
public sealed interface Verdict {
    /** It may stay as it is. */
    Verdict KEEP = new Keep();

    /** It may stay as it is. */
    record Keep() implements Verdict {}

    /**
     * It goes.
     *
     * @param reason what was found, for a person to read
     */
    record Remove(String reason) implements Verdict {}

    /**
     * It stays, with something taken out.
     *
     * @param row what to keep instead
     */
    record Change(DataRecord row) implements Verdict {}
}
