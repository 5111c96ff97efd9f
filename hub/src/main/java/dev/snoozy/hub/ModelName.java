package dev.snoozy.hub;

import dev.snoozy.hub.files.SafeName;

import org.jspecify.annotations.Nullable;

/**
 * The name of a model in the store: {@code publisher/repository[:tag]} or {@code repository[:tag]}.
 * Every part is a harmless name of a file on every system, so a name never leads out of the folder
 * of models. Immutable.
 */
public record ModelName(@Nullable String publisher, String repository, @Nullable String tag) {
    /**
     * A name of parts.
     *
     * @throws IllegalArgumentException if one of them is not harmless
     */
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
        if (part != null && !SafeName.isPart(part)) {
            throw new IllegalArgumentException(
                    "name of a model: expected publisher/repository[:tag] of letters, digits and"
                            + " . _ + -, found "
                            + SafeName.shown(part));
        }
    }

    @Override
    public String toString() {
        return (publisher == null ? "" : publisher + "/")
                + repository
                + (tag == null ? "" : ":" + tag);
    }
}
