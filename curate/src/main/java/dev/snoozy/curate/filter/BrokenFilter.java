package dev.snoozy.curate.filter;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** See {@link FilterKind#BROKEN}. */
record BrokenFilter() implements RowFilter {
    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final String FENCE_SIGN = "```";
    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*```");
    private static final Pattern JSON_FENCE =
            Pattern.compile("(?ms)^[ \\t]*```json[ \\t]*\\n(.*?)^[ \\t]*```");

    /** An object with a name in quotation marks, or a list of such: nothing else begins so. */
    private static final Pattern JSON_START =
            Pattern.compile("^(?:\\[\\s*)?\\{\\s*\"[^\"\\n]*\"\\s*:.*", Pattern.DOTALL);

    /** UTF-8 that was decoded as Windows-1252, and the sign for what could not be decoded. */
    private static final Pattern MOJIBAKE =
            Pattern.compile(
                    "\uFFFD|\u00E2\u20AC[\u2122\u0153\u009D\u02DC\u201C\u201D\u00A6\u00A2]"
                            + "|\u00C3[\u00A9\u00A8\u00A4\u00B6\u00BC\u00B1\u00AA\u00A7\u0178\u00A1\u00B3](?=\\p{L})"
                            + "|\u00EF\u00BB\u00BF");

    /** A text without any of these needs no look through it. */
    private static final String FIRST_OF_MOJIBAKE = "\uFFFD\u00E2\u00C3\u00EF";

    @Override
    public String name() {
        return FilterKind.BROKEN.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        String response = row.response();
        if (response.contains(FENCE_SIGN)) {
            Verdict fences = judgeFences(response);
            if (fences != Verdict.KEEP) {
                return fences;
            }
        }
        String bare = response.strip();
        if (startsLikeJson(bare)
                && (bare.endsWith("}") || bare.endsWith("]") || bare.endsWith(","))
                && !isJson(bare)) {
            return new Verdict.Remove("a response of JSON that is none");
        }
        if (isMojibake(response) || isMojibake(row.prompt())) {
            return new Verdict.Remove("text that was decoded wrongly");
        }
        return Verdict.KEEP;
    }

    private static Verdict judgeFences(String response) {
        if (FENCE.matcher(response).results().count() % 2 != 0) {
            return new Verdict.Remove("a code fence without an end");
        }
        Matcher fenced = JSON_FENCE.matcher(response);
        while (fenced.find()) {
            String code = fenced.group(1).strip();
            if (startsLikeJson(code) && !isJson(code)) {
                return new Verdict.Remove("a fence with JSON that is none");
            }
        }
        return Verdict.KEEP;
    }

    private static boolean startsLikeJson(String text) {
        return (text.startsWith("{") || text.startsWith("[")) && JSON_START.matcher(text).matches();
    }

    private static boolean isMojibake(String text) {
        boolean possible = false;
        for (int i = 0; i < FIRST_OF_MOJIBAKE.length() && !possible; i++) {
            possible = text.indexOf(FIRST_OF_MOJIBAKE.charAt(i)) >= 0;
        }
        return possible && MOJIBAKE.matcher(text).find();
    }

    /** One JSON value, or one on every line. */
    private static boolean isJson(String text) {
        return parses(text)
                || text.lines().filter(l -> !l.isBlank()).allMatch(BrokenFilter::parses);
    }

    private static boolean parses(String text) {
        try {
            JSON.readTree(text);
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }
}
