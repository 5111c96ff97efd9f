package dev.snoozy.studio.transfer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer whose reasoning stands before it between marks, taken apart. */
record Reasoning(String reasoning, String content) {
    private static final Pattern MARKS =
            Pattern.compile(
                    "\\s*(?:<think>(.*?)</think>|<details type=\"reasoning\"[^>]*>\\s*"
                            + "(?:<summary>[^<]*</summary>)?(.*?)</details>)\\s*",
                    Pattern.DOTALL);

    static Reasoning of(String text) {
        Matcher matcher = MARKS.matcher(text);
        if (!matcher.lookingAt()) {
            return new Reasoning("", text);
        }
        String inside = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new Reasoning(String.valueOf(inside).strip(), text.substring(matcher.end()));
    }
}
