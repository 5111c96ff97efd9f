package dev.snoozy.cli.compress;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 2GB}, {@code 500M}, {@code 1.5GiB}. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)(I?)B?");

    private Sizes() {}

    /** The bytes; powers of 1000, or of 1024 with an i. */
    static long bytes(String text) {
        Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException(
                    "expected a size such as 2GB, 500M or 1.5GiB, found " + text);
        }
        int power = " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
        double unit = size.group(3).isEmpty() ? 1000 : 1024;
        return (long) (Double.parseDouble(size.group(1)) * Math.pow(unit, power));
    }
}
