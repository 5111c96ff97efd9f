package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The path of an attribute that filters take, such as {@code user.name} or {@code 0}.
 *
 * @param parts names, or integers that are indexes
 * @param otherwise what stands for a missing part, or null
 * @param ignoreCase whether the result is put in lower case, if it is a string
 */
record Attributes(List<Object> parts, @Nullable Object otherwise, boolean ignoreCase) {
    /** A path as given to a filter; without one the value itself is meant. */
    static Attributes of(
            @Nullable Object attribute, @Nullable Object otherwise, boolean ignoreCase) {
        if (attribute == null) {
            return new Attributes(List.of(), otherwise, ignoreCase);
        }
        if (!Types.isText(attribute)) {
            return new Attributes(List.of(attribute), otherwise, ignoreCase);
        }
        List<Object> parts = new ArrayList<>();
        for (String part : Types.text(attribute).split("\\.", -1)) {
            boolean digits =
                    !part.isEmpty()
                            && part.length() < 19
                            && part.chars().allMatch(c -> c >= '0' && c <= '9');
            parts.add(digits ? (Object) Long.parseLong(part) : part);
        }
        return new Attributes(parts, otherwise, ignoreCase);
    }

    Object get(Object value, Runtime runtime) {
        Object result = value;
        for (Object part : parts) {
            result = runtime.members().item(result, part);
            if (otherwise != null && result instanceof Undefined) {
                result = otherwise;
            }
        }
        return ignoreCase ? folded(result, runtime) : result;
    }

    /** A string in lower case, anything else as it is. */
    static Object folded(Object value, Runtime runtime) {
        if (!Types.isText(value)) {
            return value;
        }
        runtime.budget().text(Types.text(value).length());
        return Strings.lower(Types.text(value));
    }
}
