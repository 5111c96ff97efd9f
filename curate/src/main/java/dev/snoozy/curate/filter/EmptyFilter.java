package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.DataRecord;

/** See {@link FilterKind#EMPTY}. */
record EmptyFilter() implements RowFilter {
    @Override
    public String name() {
        return FilterKind.EMPTY.title();
    }

    @Override
    public Verdict judge(DataRecord row) {
        if (isEmpty(row.prompt())) {
            return new Verdict.Remove("the prompt is empty");
        }
        return isEmpty(row.response()) ? new Verdict.Remove("the response is empty") : Verdict.KEEP;
    }

    /** Nothing but white space and invisible characters. */
    private static boolean isEmpty(String text) {
        return text.codePoints()
                .allMatch(c ->
                        Character.isWhitespace(c)
                                || Character.isSpaceChar(c)
                                || Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT);
    }
}
