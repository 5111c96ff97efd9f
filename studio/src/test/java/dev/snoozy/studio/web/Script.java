package dev.snoozy.studio.web;

import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What the stub's model says to what. */
record Script(String reasoning, List<String> pieces, boolean slow) {
    private static final int SLOW_PIECES = 3000;

    /** The answer to a text. */
    static Script to(String text) {
        return switch (text.strip().split("\\s+")[0]) {
            case "markdown" -> whole(read("markdown.md"));
            case "hostile" -> whole(read("hostile.md") + Hostile.text());
            case "think" ->
                    new Script("The person wants **thought**.", pieces("Done thinking."), false);
            case "slow" -> new Script("", numbers(), true);
            default -> whole("You said: " + text);
        };
    }

    private static Script whole(String text) {
        return new Script("", pieces(text), false);
    }

    private static List<String> numbers() {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < SLOW_PIECES; i++) {
            pieces.add("word" + i + " ");
        }
        return pieces;
    }

    /** A text in pieces as a model makes them: a few characters each. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int length = Math.max(4, text.length() / 150);
        for (int i = 0; i < text.length(); i += length) {
            pieces.add(text.substring(i, Math.min(text.length(), i + length)));
        }
        return pieces;
    }

    private static String read(String name) {
        try {
            return Files.readString(Data.root().resolve("studio/src/test/resources/said/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
