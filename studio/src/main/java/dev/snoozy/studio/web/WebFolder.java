package dev.snoozy.studio.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the page, read from this module once each. A name is a few plain words with slashes
 * between them and an ending that is known; whatever else is asked for is not looked up.
 */
final class WebFolder {
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-]+/){0,5}[A-Za-z0-9_.-]*[A-Za-z0-9_-]\\.([a-z0-9]+)");

    private final Map<String, WebFile> files = new ConcurrentHashMap<>();

    /** The file of this name, if there is one. */
    Optional<WebFile> find(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || !WebFile.isKnown(matcher.group(1)) || name.contains("..")) {
            return Optional.empty();
        }
        WebFile known = files.get(name);
        return known != null ? Optional.of(known) : read(name, matcher.group(1));
    }

    /**
     * A file that is there in every build.
     *
     * @throws IllegalStateException if it is not
     */
    WebFile require(String name) {
        return find(name)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the page's file "
                                        + name
                                        + " is missing from the studio's module; cure: build it"
                                        + " again"));
    }

    private Optional<WebFile> read(String name, String ending) {
        try (InputStream in = WebFolder.class.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            WebFile file = WebFile.of(ending, in.readAllBytes());
            files.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
