package dev.snoozy.text.template;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts for HTML and URLs. */
final class Html {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Html() {}

    /** Escapes the characters that mean something in HTML. */
    static String escape(String text, Budget budget) {
        budget.work(text.length());
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        budget.text(out.length());
        return out.toString();
    }

    /** Removes comments and tags, joins whitespace, and resolves the character references. */
    static String withoutTags(String text, Budget budget) {
        budget.work(text.length() * 4L);
        String bare = cut(cut(text, "<!--", "-->"), "<", ">");
        StringBuilder words = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < bare.length(); i++) {
            boolean blank = Strings.isSpace(bare.charAt(i));
            if (!blank) {
                words.append(space && !words.isEmpty() ? " " : "").append(bare.charAt(i));
            }
            space = blank;
        }
        return unescape(words.toString());
    }

    private static String cut(String text, String open, String close) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int start = text.indexOf(open);
        while (start >= 0) {
            int end = text.indexOf(close, start);
            if (end < 0) {
                break;
            }
            out.append(text, copied, start);
            copied = end + close.length();
            start = text.indexOf(open, copied);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** Resolves numeric references and the names that every HTML has. */
    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int at = text.indexOf('&');
        while (at >= 0) {
            int end = text.indexOf(';', at, Math.min(text.length(), at + 11));
            String character = end < 0 ? "" : reference(text.substring(at + 1, end));
            if (!character.isEmpty()) {
                out.append(text, copied, at).append(character);
                copied = end + 1;
            }
            at = text.indexOf('&', Math.max(at + 1, copied));
        }
        out.append(text, copied, text.length());
        return out.toString();
    }

    private static String reference(String name) {
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "apos" -> "'";
            case "nbsp" -> "\u00a0";
            default -> numeric(name);
        };
    }

    private static String numeric(String name) {
        if (!name.matches("#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}")) {
            return "";
        }
        boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
        int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
        boolean valid = code > 0 && code <= Character.MAX_CODE_POINT;
        return valid ? Character.toString(code) : "\ufffd";
    }

    /**
     * Escapes what a URL cannot hold.
     *
     * @param query whether spaces become plus signs and slashes are escaped
     */
    static String quoteUrl(String text, boolean query, Budget budget) {
        budget.work(text.length() * 3L);
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0);
            if (plain || c == '/' && !query) {
                out.append((char) c);
            } else if (c == ' ' && query) {
                out.append('+');
            } else {
                out.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        budget.text(out.length());
        return out.toString();
    }
}
