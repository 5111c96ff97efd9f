package dev.snoozy.curate.map;

/**
 * JSON inside an HTML page: whatever a text says, it cannot end the element it stands in, since it
 * has no angle brackets or ampersands, and it is well-formed Unicode.
 */
final class ScriptJson {
    private ScriptJson() {}

    static void append(StringBuilder out, CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' '
                    || c == '<'
                    || c == '>'
                    || c == '&'
                    || c == 127
                    || c == '\u2028'
                    || c == '\u2029') {
                escape(out, c);
            } else if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                out.append(pair ? c : '\ufffd');
                if (pair) {
                    out.append(text.charAt(++i));
                }
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append("0123456789abcdef".charAt(c >> shift & 15));
        }
    }

    /** What is left of a text that may have so many characters; never half a pair. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }
}
