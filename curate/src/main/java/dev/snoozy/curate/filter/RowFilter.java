package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.DataRecord;

/** A rule that rows are judged by. Pure: the same row gets the same verdict. Thread-safe. */
public interface RowFilter {
    /** The name in a recipe and in the report. */
    String name();

    Verdict judge(DataRecord row);
}
