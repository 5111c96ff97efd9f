package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of strings that search: find, count, replace, split and their like. */
final class SearchMethods {
    private SearchMethods() {}

    static void addTo(Map<String, StringMethods.Method> methods) {
        methods.put("find", (self, args, runtime) -> find(self, args, runtime, "find"));
        methods.put("rfind", (self, args, runtime) -> find(self, args, runtime, "rfind"));
        methods.put("index", (self, args, runtime) -> index(self, args, runtime, "index"));
        methods.put("rindex", (self, args, runtime) -> index(self, args, runtime, "rindex"));
        methods.put("count", SearchMethods::count);
        methods.put("startswith", (self, args, runtime) -> hasAffix(self, args, runtime, true));
        methods.put("endswith", (self, args, runtime) -> hasAffix(self, args, runtime, false));
        methods.put("replace", SearchMethods::replace);
        methods.put("split", (self, args, runtime) -> split(self, args, runtime, true));
        methods.put("rsplit", (self, args, runtime) -> split(self, args, runtime, false));
        methods.put("splitlines", SearchMethods::splitLines);
        methods.put("partition", (self, args, runtime) -> partition(self, args, runtime, true));
        methods.put("rpartition", (self, args, runtime) -> partition(self, args, runtime, false));
        methods.put("removeprefix", (self, args, runtime) -> remove(self, args, true));
        methods.put("removesuffix", (self, args, runtime) -> remove(self, args, false));
    }

    /** Part of a string, from and to code points given as optional arguments. */
    private record Window(String text, int offset) {
        static final Window OUTSIDE = new Window("", -1);

        /** The part between arguments, which begin at an index. */
        static Window of(String self, List<Object> arguments, int at) {
            int length = Strings.length(self);
            long start = bound(arguments, at, 0, length);
            long stop = bound(arguments, at + 1, length, length);
            if (start > stop || start > length) {
                return OUTSIDE;
            }
            int begin = self.offsetByCodePoints(0, (int) start);
            int end = self.offsetByCodePoints(begin, (int) (stop - start));
            return new Window(self.substring(begin, end), (int) start);
        }

        private static long bound(List<Object> arguments, int at, long otherwise, int length) {
            Object value = at < arguments.size() ? arguments.get(at) : None.NONE;
            if (value == None.NONE) {
                return otherwise;
            }
            long bound = Numbers.index(value, "slice index");
            return at % 2 == 1 && bound > length
                    ? length + 1L
                    : Math.clamp(bound < 0 ? bound + length : bound, 0, length);
        }
    }

    private static long find(String self, Arguments arguments, Runtime runtime, String name) {
        List<Object> given = arguments.positional(name, 1, 3);
        String sought = StringMethods.string(given.getFirst(), name);
        Window window = Window.of(self, given, 1);
        if (window == Window.OUTSIDE) {
            return -1;
        }
        int at;
        if (name.startsWith("r")) {
            at = lastIndexOf(window.text(), sought, runtime);
        } else {
            at = Strings.indexOf(window.text(), sought, 0);
        }
        return at < 0 ? -1 : window.offset() + window.text().codePointCount(0, at);
    }

    private static int lastIndexOf(String text, String sought, Runtime runtime) {
        runtime.budget().work(text.length() * (1L + sought.length() / 16));
        return text.lastIndexOf(sought);
    }

    private static long index(String self, Arguments arguments, Runtime runtime, String name) {
        long found = find(self, arguments, runtime, name.replace("index", "find"));
        if (found < 0) {
            throw TemplateException.value("substring not found");
        }
        return found;
    }

    private static long count(String self, Arguments arguments, Runtime runtime) {
        List<Object> given = arguments.positional("count", 1, 3);
        String sought = StringMethods.string(given.getFirst(), "count");
        Window window = Window.of(self, given, 1);
        if (window == Window.OUTSIDE) {
            return 0;
        }
        if (sought.isEmpty()) {
            return Strings.length(window.text()) + 1L;
        }
        long count = 0;
        int at = Strings.indexOf(window.text(), sought, 0);
        while (at >= 0) {
            count++;
            at = Strings.indexOf(window.text(), sought, at + sought.length());
        }
        return count;
    }

    private static boolean hasAffix(
            String self, Arguments arguments, Runtime runtime, boolean start) {
        String name = start ? "startswith" : "endswith";
        List<Object> given = arguments.positional(name, 1, 3);
        Window window = Window.of(self, given, 1);
        List<Object> affixes =
                given.getFirst() instanceof Tuple tuple ? tuple.items() : List.of(given.getFirst());
        boolean found = false;
        for (Object affix : affixes) {
            String text = StringMethods.string(affix, name);
            runtime.budget().step();
            runtime.budget().work(Math.min(text.length(), self.length()));
            found |=
                    window != Window.OUTSIDE
                            && (start
                                    ? window.text().startsWith(text)
                                    : window.text().endsWith(text));
        }
        return found;
    }

    private static String replace(String self, Arguments arguments, Runtime runtime) {
        List<Object> given = arguments.positional("replace", 2, 3);
        String old = StringMethods.string(given.get(0), "replace");
        String fresh = StringMethods.string(given.get(1), "replace");
        long most = given.size() < 3 ? -1 : Numbers.index(given.get(2), "count");
        return replace(self, old, fresh, most, runtime.budget());
    }

    /** Replaces occurrences of a string, all of them if {@code most} is negative. */
    static String replace(String self, String old, String fresh, long most, Budget budget) {
        StringBuilder out = new StringBuilder();
        long left = most < 0 ? Long.MAX_VALUE : most;
        int copied = 0;
        int at = left == 0 ? -1 : Strings.indexOf(self, old, 0);
        while (at >= 0 && left > 0) {
            left--;
            budget.requireText((long) out.length() + at - copied + fresh.length());
            out.append(self, copied, at).append(fresh);
            copied = at + old.length();
            if (!old.isEmpty()) {
                at = Strings.indexOf(self, old, copied);
            } else if (at == self.length()) {
                at = -1;
            } else {
                at = self.offsetByCodePoints(at, 1);
            }
        }
        budget.text((long) out.length() + self.length() - copied);
        return out.append(self, copied, self.length()).toString();
    }

    private static Object split(String self, Arguments arguments, Runtime runtime, boolean left) {
        String name = left ? "split" : "rsplit";
        Arguments.Bound bound = arguments.bind(name, "sep", "maxsplit");
        long most = Numbers.index(bound.optional(1, -1L), "maxsplit");
        long limit = most < 0 ? Integer.MAX_VALUE : most;
        Object separator = bound.given(0);
        List<Object> parts = new ArrayList<>();
        if (separator == null) {
            splitWhitespace(left ? self : Strings.reversed(self), limit, parts, left);
        } else {
            String sought = StringMethods.string(separator, name);
            if (sought.isEmpty()) {
                throw TemplateException.value("empty separator");
            }
            String text = left ? self : reversedUnits(self);
            splitText(text, left ? sought : reversedUnits(sought), limit, parts);
            if (!left) {
                parts.replaceAll(part -> reversedUnits((String) part));
            }
        }
        runtime.budget().elements(parts.size());
        return left ? parts : new ArrayList<>(parts.reversed());
    }

    private static void splitText(String text, String sought, long limit, List<Object> parts) {
        int from = 0;
        int at = limit == 0 ? -1 : Strings.indexOf(text, sought, 0);
        while (at >= 0) {
            parts.add(text.substring(from, at));
            from = at + sought.length();
            at = parts.size() >= limit ? -1 : Strings.indexOf(text, sought, from);
        }
        parts.add(text.substring(from));
    }

    /** Reversed by UTF-16 units, pairs of surrogates included, so that reversing twice is safe. */
    private static String reversedUnits(String text) {
        char[] units = new char[text.length()];
        for (int i = 0; i < units.length; i++) {
            units[i] = text.charAt(units.length - 1 - i);
        }
        return new String(units);
    }

    private static void splitWhitespace(
            String text, long limit, List<Object> parts, boolean forward) {
        int at = 0;
        while (at < text.length()) {
            while (at < text.length() && Strings.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                break;
            }
            int end = parts.size() < limit ? at : text.length();
            while (parts.size() < limit
                    && end < text.length()
                    && !Strings.isSpace(text.charAt(end))) {
                end++;
            }
            String part = text.substring(at, end);
            parts.add(forward ? part : Strings.reversed(part));
            at = end;
        }
    }

    private static Object splitLines(String self, Arguments arguments, Runtime runtime) {
        boolean keep =
                Comparison.truth(arguments.bind("splitlines", "keepends").optional(0, false));
        List<Object> lines = lines(self, keep);
        runtime.budget().elements(lines.size());
        return lines;
    }

    /** The lines of a text, with or without what ends them. */
    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && !isLineEnd(text.charAt(end))) {
                end++;
            }
            int next = Math.min(end + 1, text.length());
            if (text.startsWith("\r\n", end)) {
                next = end + 2;
            }
            lines.add(text.substring(from, keepEnds ? next : end));
            from = next;
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return c >= '\n' && c <= '\r'
                || c >= 0x1c && c <= 0x1e
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    private static Tuple partition(
            String self, Arguments arguments, Runtime runtime, boolean first) {
        String name = first ? "partition" : "rpartition";
        String separator = StringMethods.string(arguments.positional(name, 1, 1).getFirst(), name);
        if (separator.isEmpty()) {
            throw TemplateException.value("empty separator");
        }
        int at =
                first ? Strings.indexOf(self, separator, 0) : lastIndexOf(self, separator, runtime);
        if (at < 0) {
            return first ? Tuple.of(self, "", "") : Tuple.of("", "", self);
        }
        return Tuple.of(self.substring(0, at), separator, self.substring(at + separator.length()));
    }

    private static String remove(String self, Arguments arguments, boolean prefix) {
        String name = prefix ? "removeprefix" : "removesuffix";
        String affix = StringMethods.string(arguments.positional(name, 1, 1).getFirst(), name);
        if (prefix) {
            return self.startsWith(affix) ? self.substring(affix.length()) : self;
        }
        return self.endsWith(affix) ? self.substring(0, self.length() - affix.length()) : self;
    }
}
