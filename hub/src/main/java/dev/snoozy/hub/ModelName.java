package dev.snoozy.hub;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * The name of a model in the store: {@code publisher/repository[:tag]} or {@code repository[:tag]}.
 * Every part is checked to be a harmless name of a file on every system.
 */
public record ModelName(@Nullable String publisher, String repository, @Nullable String tag) {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,95}");

    public ModelName {
        check(publisher);
        check(repository);
        check(tag);
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ModelName parse(String text) {
        int colon = text.lastIndexOf(':');
        String tag = colon < 0 ? null : text.substring(colon + 1);
        String path = colon < 0 ? text : text.substring(0, colon);
        int slash = path.indexOf('/');
        return new ModelName(
                slash < 0 ? null : path.substring(0, slash), path.substring(slash + 1), tag);
    }

    private static void check(@Nullable String part) {
        if (part != null && (!PART.matcher(part).matches() || part.endsWith("."))) {
            throw new IllegalArgumentException(
                    "name of a model: expected publisher/repository[:tag] of letters, digits and"
                            + " . _ + -, found a part that is not");
        }
    }

    @Override
    public String toString() {
        return (publisher == null ? "" : publisher + "/")
                + repository
                + (tag == null ? "" : ":" + tag);
    }
}
