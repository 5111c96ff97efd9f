package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The methods of strings that add or remove padding. */
final class PaddingMethods {
    private PaddingMethods() {}

    static void addTo(Map<String, StringMethods.Method> methods) {
        methods.put("strip", (self, args, runtime) -> strip(self, args, "strip", true, true));
        methods.put("lstrip", (self, args, runtime) -> strip(self, args, "lstrip", true, false));
        methods.put("rstrip", (self, args, runtime) -> strip(self, args, "rstrip", false, true));
        methods.put("center", (self, args, runtime) -> pad(self, args, runtime, "center"));
        methods.put("ljust", (self, args, runtime) -> pad(self, args, runtime, "ljust"));
        methods.put("rjust", (self, args, runtime) -> pad(self, args, runtime, "rjust"));
        methods.put("zfill", PaddingMethods::zeroFill);
        methods.put("expandtabs", PaddingMethods::expandTabs);
    }

    private static String strip(
            String self, Arguments arguments, String name, boolean left, boolean right) {
        List<Object> given = arguments.positional(name, 0, 1);
        Object chars = given.isEmpty() ? None.NONE : given.getFirst();
        return Strings.strip(self, chars(chars, name), left, right);
    }

    private static @Nullable String chars(Object value, String name) {
        if (value == None.NONE) {
            return null;
        }
        if (!Types.isText(value)) {
            throw TemplateException.type(name + " arg must be None or str");
        }
        return Types.text(value);
    }

    private static String pad(String self, Arguments arguments, Runtime runtime, String name) {
        List<Object> given = arguments.positional(name, 1, 2);
        long width = Numbers.index(given.getFirst(), "width");
        String fill = given.size() < 2 ? " " : StringMethods.string(given.get(1), name);
        if (Strings.length(fill) != 1) {
            throw TemplateException.type("The fill character must be exactly one character long");
        }
        long missing = width - Strings.length(self);
        if (missing <= 0) {
            return self;
        }
        runtime.budget().text(missing * fill.length() + self.length());
        int all = (int) missing;
        int left =
                switch (name) {
                    case "ljust" -> 0;
                    case "rjust" -> all;
                    default -> all / 2 + (all & (int) width & 1);
                };
        return fill.repeat(left) + self + fill.repeat(all - left);
    }

    private static String zeroFill(String self, Arguments arguments, Runtime runtime) {
        long width = Numbers.index(arguments.positional("zfill", 1, 1).getFirst(), "width");
        long missing = width - Strings.length(self);
        if (missing <= 0) {
            return self;
        }
        runtime.budget().text(missing + self.length());
        boolean signed = self.startsWith("+") || self.startsWith("-");
        int sign = signed ? 1 : 0;
        return self.substring(0, sign) + "0".repeat((int) missing) + self.substring(sign);
    }

    private static String expandTabs(String self, Arguments arguments, Runtime runtime) {
        Object size = arguments.bind("expandtabs", "tabsize").optional(0, 8L);
        long tab = Math.max(0, Numbers.index(size, "tabsize"));
        StringBuilder out = new StringBuilder();
        long column = 0;
        for (int c : self.codePoints().toArray()) {
            if (c == '\t') {
                long spaces = tab == 0 ? 0 : tab - column % tab;
                runtime.budget().requireText(out.length() + spaces);
                out.repeat(' ', (int) spaces);
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return out.toString();
    }
}
