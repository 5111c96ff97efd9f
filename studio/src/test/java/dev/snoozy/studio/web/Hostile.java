package dev.snoozy.studio.web;

/** What no model should say, and any may, that is too large for a file. */
final class Hostile {
    private static final int LONG = 60_000;
    private static final int ROWS = 3_000;
    private static final int DEEP = 2_000;

    private Hostile() {}

    static String text() {
        StringBuilder text = new StringBuilder("\n\n");
        text.append("x".repeat(LONG)).append("\n\n");
        text.append("| a | b |\n|---|---|\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("| ").append(i).append(" | <img src=x onerror=alert(1)> |\n");
        }
        text.append("\n\n").append("[".repeat(DEEP)).append("\n\n");
        text.append("*_".repeat(DEEP)).append("\n\n");
        text.append("half: \ud83d and \udc00, bell \u0007, escape \u001b[31m, nul \u0000\n\n");
        text.append("bidi: \u202egnp.exe\u202c and \u2066hidden\u2069\n\n");
        return text.append("the end of it all\n").toString();
    }
}
