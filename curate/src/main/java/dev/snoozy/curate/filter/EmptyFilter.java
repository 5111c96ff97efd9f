package dev.snoozy.curate.filter;

/** See {@link FilterKind#EMPTY}. */
record EmptyFilter() implements RowFilter {
    @Override
    public String name() {
        return FilterKind.EMPTY.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        if (isEmpty(row.prompt())) {
            return new Verdict.Remove("the prompt is empty");
        }
        return isEmpty(row.response()) ? new Verdict.Remove("the response is empty") : Verdict.KEEP;
    }

    /** Nothing but white space and invisible characters. */
    private static boolean isEmpty(String text) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (!Character.isWhitespace(point)
                    && !Character.isSpaceChar(point)
                    && !Character.isISOControl(point)
                    && Character.getType(point) != Character.FORMAT) {
                return false;
            }
            i += Character.charCount(point);
        }
        return true;
    }
}
