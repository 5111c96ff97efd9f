package dev.snoozy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tiny models of all architectures are made of. The engine's own tests write the file from
 * what the code of each architecture asks for, and compare it.
 */
final class Architectures {
    private static final String NAME = "architecture ";

    /** Per architecture the lines of its keys and tensors. */
    static final SortedMap<String, List<String>> ALL = Collections.unmodifiableSortedMap(read());

    private Architectures() {}

    private static SortedMap<String, List<String>> read() {
        SortedMap<String, List<String>> all = new TreeMap<>();
        try (InputStream in = Architectures.class.getResourceAsStream("architectures.txt")) {
            if (in == null) {
                throw new IllegalStateException("architectures.txt is not beside the classes");
            }
            List<String> lines = new ArrayList<>();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (line.startsWith(NAME)) {
                    lines = new ArrayList<>();
                    all.put(line.substring(NAME.length()), lines);
                } else {
                    lines.add(line);
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
