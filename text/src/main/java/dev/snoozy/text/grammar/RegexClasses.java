package dev.snoozy.text.grammar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The named classes of regular expressions: digits, words, spaces, Unicode's categories. */
final class RegexClasses {
    private static final CodePoints DIGIT = CodePoints.range('0', '9');
    private static final CodePoints WORD =
            CodePoints.of("_")
                    .or(DIGIT)
                    .or(CodePoints.range('a', 'z'))
                    .or(CodePoints.range('A', 'Z'));

    /** ECMA-262, white space and line terminators. */
    private static final CodePoints SPACE =
            CodePoints.of("\t\n\u000B\f\r \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF")
                    .or(CodePoints.range(0x2000, 0x200A));

    /** The categories of {@link Character#getType}, by their names in Unicode. */
    private static final Map<String, Byte> CATEGORIES =
            Map.ofEntries(
                    Map.entry("Lu", Character.UPPERCASE_LETTER),
                    Map.entry("Ll", Character.LOWERCASE_LETTER),
                    Map.entry("Lt", Character.TITLECASE_LETTER),
                    Map.entry("Lm", Character.MODIFIER_LETTER),
                    Map.entry("Lo", Character.OTHER_LETTER),
                    Map.entry("Mn", Character.NON_SPACING_MARK),
                    Map.entry("Mc", Character.COMBINING_SPACING_MARK),
                    Map.entry("Me", Character.ENCLOSING_MARK),
                    Map.entry("Nd", Character.DECIMAL_DIGIT_NUMBER),
                    Map.entry("Nl", Character.LETTER_NUMBER),
                    Map.entry("No", Character.OTHER_NUMBER),
                    Map.entry("Pc", Character.CONNECTOR_PUNCTUATION),
                    Map.entry("Pd", Character.DASH_PUNCTUATION),
                    Map.entry("Ps", Character.START_PUNCTUATION),
                    Map.entry("Pe", Character.END_PUNCTUATION),
                    Map.entry("Pi", Character.INITIAL_QUOTE_PUNCTUATION),
                    Map.entry("Pf", Character.FINAL_QUOTE_PUNCTUATION),
                    Map.entry("Po", Character.OTHER_PUNCTUATION),
                    Map.entry("Sm", Character.MATH_SYMBOL),
                    Map.entry("Sc", Character.CURRENCY_SYMBOL),
                    Map.entry("Sk", Character.MODIFIER_SYMBOL),
                    Map.entry("So", Character.OTHER_SYMBOL),
                    Map.entry("Zs", Character.SPACE_SEPARATOR),
                    Map.entry("Zl", Character.LINE_SEPARATOR),
                    Map.entry("Zp", Character.PARAGRAPH_SEPARATOR));

    /** What was looked up; at most as many as there are categories. */
    private static final Map<String, CodePoints> KNOWN = new ConcurrentHashMap<>();

    private RegexClasses() {}

    /** The class that stands behind a backslash, or null, with nothing read. */
    static @Nullable CodePoints named(Source in, int place) {
        CodePoints known =
                switch (in.peek()) {
                    case 'd' -> DIGIT;
                    case 'D' -> DIGIT.complement();
                    case 'w' -> WORD;
                    case 'W' -> WORD.complement();
                    case 's' -> SPACE;
                    case 'S' -> SPACE.complement();
                    default -> null;
                };
        if (known != null) {
            in.next();
            return known;
        }
        boolean negated = in.peek() == 'P';
        if (in.peek() != 'p' && !negated) {
            return null;
        }
        in.next();
        String name = name(in, place);
        boolean exists = CATEGORIES.keySet().stream().anyMatch(c -> isIn(c, name));
        if (!exists) {
            throw in.wrong(
                    place,
                    "the property \\p{" + name + "}, which is not supported",
                    "a general category, such as \\p{L} or \\p{Nd}");
        }
        CodePoints category = KNOWN.computeIfAbsent(name, RegexClasses::category);
        return negated ? category.complement() : category;
    }

    private static String name(Source in, int place) {
        in.expect('{', "before the name of a property");
        int start = in.place();
        while (in.peek() != '}') {
            if (in.next() == Source.END) {
                throw in.wrong(place, "the name of a property without end", "'}'");
            }
        }
        String name = in.since(start);
        in.next();
        return name;
    }

    private static boolean isIn(String category, String name) {
        return category.equals(name) || name.length() == 1 && category.startsWith(name);
    }

    /** The characters whose category is, or begins with, a name. */
    private static CodePoints category(String name) {
        boolean[] wanted = new boolean[Byte.MAX_VALUE];
        CATEGORIES.forEach((category, type) -> {
            wanted[type] = isIn(category, name);
        });
        List<CodePoints.Range> ranges = new ArrayList<>();
        int first = -1;
        for (int point = 0; point <= Character.MAX_CODE_POINT + 1; point++) {
            boolean in = point <= Character.MAX_CODE_POINT && wanted[Character.getType(point)];
            if (in && first < 0) {
                first = point;
            } else if (!in && first >= 0) {
                ranges.add(new CodePoints.Range(first, point - 1));
                first = -1;
            }
        }
        return CodePoints.of(ranges);
    }
}
