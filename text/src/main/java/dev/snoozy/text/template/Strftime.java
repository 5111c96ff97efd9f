package dev.snoozy.text.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Times as text, by the directives of {@code strftime} of the C library in its plain locale. */
final class Strftime {
    private final LocalDateTime time;

    private Strftime(LocalDateTime time) {
        this.time = time;
    }

    /** The time of now by a format. */
    static String format(String format, Runtime runtime) {
        Budget budget = runtime.budget();
        budget.work(format.length());
        Strftime writer = new Strftime(LocalDateTime.now(runtime.clock()));
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%' || i == format.length()) {
                out.append(c);
                continue;
            }
            int start = i;
            while (i < format.length() - 1 && "-_0^#".indexOf(format.charAt(i)) >= 0) {
                budget.step();
                i++;
            }
            budget.step();
            out.append(writer.flagged(format.charAt(i), format.substring(start, i)));
            budget.requireText(out.length());
            i++;
        }
        return out.toString();
    }

    private String flagged(char directive, String flags) {
        String text = directive(directive, flags);
        for (char flag : flags.toCharArray()) {
            if (flag == '^' || flag == '#') {
                text = text.toUpperCase(Locale.ROOT);
            } else if ("deHIjklmMSUVWyCgu".indexOf(directive) >= 0) {
                String bare = text.strip().replaceFirst("^0+(?=.)", "");
                String padding = flag == '-' ? "" : flag == '_' ? " " : "0";
                text = padding.repeat(padding.isEmpty() ? 0 : text.length() - bare.length()) + bare;
            }
        }
        return text;
    }

    private String directive(char directive, String flags) {
        return switch (directive) {
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'c' -> all("a b e H:M:S Y");
            case 'C' -> padded(time.getYear() / 100, 2);
            case 'd' -> padded(time.getDayOfMonth(), 2);
            case 'D', 'x' -> all("m/d/y");
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'f' -> padded(time.getNano() / 1000, 6);
            case 'F' -> all("Y-m-d");
            case 'g' -> padded(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2);
            case 'G' -> "" + time.get(IsoFields.WEEK_BASED_YEAR);
            case 'H' -> padded(time.getHour(), 2);
            case 'I' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2);
            case 'j' -> padded(time.getDayOfYear(), 3);
            case 'k' -> "%2d".formatted(time.getHour());
            case 'l' -> "%2d".formatted(time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'm' -> padded(time.getMonthValue(), 2);
            case 'M' -> padded(time.getMinute(), 2);
            case 'n' -> "\n";
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'P' -> time.getHour() < 12 ? "am" : "pm";
            case 'r' -> all("I:M:S p");
            case 'R' -> all("H:M");
            case 'S' -> padded(time.getSecond(), 2);
            case 't' -> "\t";
            case 'T', 'X' -> all("H:M:S");
            case 'u' -> "" + time.getDayOfWeek().getValue();
            case 'U' -> padded((time.getDayOfYear() + 6 - weekday()) / 7, 2);
            case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'w' -> "" + weekday();
            case 'W' -> padded((time.getDayOfYear() + 6 - (weekday() + 6) % 7) / 7, 2);
            case 'y' -> padded(time.getYear() % 100, 2);
            case 'Y' -> "" + time.getYear();
            case 'z', 'Z' -> "";
            case '%' -> "%";
            default -> "%" + flags + directive;
        };
    }

    /** Directives without their percent signs, with what stands between them. */
    private String all(String directives) {
        StringBuilder out = new StringBuilder();
        for (char c : directives.toCharArray()) {
            out.append(Character.isLetter(c) ? directive(c, "") : String.valueOf(c));
        }
        return out.toString();
    }

    /** The day of the week, Sunday being 0. */
    private int weekday() {
        return time.getDayOfWeek().getValue() % 7;
    }

    private static String padded(int value, int width) {
        String digits = Integer.toString(value);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
