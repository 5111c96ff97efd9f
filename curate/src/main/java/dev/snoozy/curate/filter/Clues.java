package dev.snoozy.curate.filter;

/**
 * What one look at a text tells of the numbers in it: enough to know which of the patterns for
 * personal data need not be tried.
 *
 * @param digits all of them (ASCII)
 * @param chain most digits that follow each other with two signs of telephone numbers and cards at
 *     most between two of them
 * @param points most single points that follow each other with nothing but digits between
 * @param startsAccount whether two capitals and two digits stand together
 */
record Clues(String text, int digits, int chain, int points, boolean startsAccount) {
    private static final int GAP = 2;

    static Clues of(String text) {
        int digits = 0;
        int longest = 0;
        int most = 0;
        boolean account = false;
        int chain = 0;
        int gap = 0;
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDigit(c)) {
                digits++;
                chain++;
                longest = Math.max(longest, chain);
                most = Math.max(most, points);
                gap = 0;
                account |= i >= 3 && isDigit(text.charAt(i - 1)) && areCapitals(text, i - 3);
            } else if (chain > 0) {
                boolean joins = c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
                points = c == '.' && gap == 0 ? points + 1 : 0;
                gap++;
                if (!joins || gap > GAP) {
                    chain = 0;
                    points = 0;
                    gap = 0;
                }
            }
        }
        return new Clues(text, digits, longest, most, account);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean areCapitals(String text, int at) {
        char first = text.charAt(at);
        char second = text.charAt(at + 1);
        return first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
    }
}
