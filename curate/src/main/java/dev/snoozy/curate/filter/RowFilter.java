package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.DataRecord;

/** A rule that rows are judged by. Pure: the same row gets the same verdict. Thread-safe. */
public interface RowFilter {
    /** The name in a recipe and in the report. */
    String name();

    /** What it says of a row whose texts other filters may have looked at already. */
    Verdict judge(RowTexts row);

    /** What it says of a row. */
    default Verdict judge(DataRecord row) {
        return judge(new RowTexts(row));
    }
}
