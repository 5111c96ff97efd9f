package dev.snoozy.hub.files;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names from outside that may become names of files here: plain letters and digits with few marks,
 * nothing that means a folder, a drive or a device on any system, nothing that looks like something
 * else.
 */
public final class SafeName {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,95}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+,=@()-]{0,199}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int LONGEST_SHOWN = 60;

    /** What Windows takes for a device, whatever follows behind a dot. */
    private static final Set<String> DEVICES =
            Set.of(
                    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6",
                    "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
                    "lpt8", "lpt9", "conin$", "conout$");

    private SafeName() {}

    /** Whether a text can be a part of a model's name. */
    public static boolean isPart(String text) {
        return PART.matcher(text).matches() && isHarmless(text);
    }

    /** Whether a text can be the name of a file. */
    public static boolean isFile(String text) {
        return FILE.matcher(text).matches() && isHarmless(text);
    }

    /** Whether a text is a path of such names, not too deep. */
    public static boolean isPath(String text) {
        String[] names = text.split("/", -1);
        if (names.length > 8) {
            return false;
        }
        for (String name : names) {
            if (!isFile(name)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is a digest, and nothing but one (CVE-2024-37032). */
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    private static boolean isHarmless(String text) {
        int dot = text.indexOf('.');
        String stem = dot < 0 ? text : text.substring(0, dot);
        return !text.endsWith(".")
                && !text.contains("..")
                && !DEVICES.contains(stem.toLowerCase(Locale.ROOT));
    }

    /** A name as it may stand in a message: short, and without what would confuse a terminal. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST_SHOWN)
                .forEach(c -> {
                    if (c < ' ' || c > '~') {
                        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        shown.appendCodePoint(c);
                    }
                });
        return shown.append(text.length() > LONGEST_SHOWN ? "…\"" : "\"").toString();
    }
}
