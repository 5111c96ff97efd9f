package dev.snoozy.tune;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.json.JsonReader;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads rows to learn from: a JSON object per line, or one array of them. A row has {@code
 * messages} of {@code role} and {@code content}, {@code conversations} of {@code from} and {@code
 * value}, or a pair of a question and an answer under one of their usual names.
 */
final class DataReader {
    /** The names of the two halves of a pair, and of what may stand beside the first. */
    private static final String[][] PAIRS = {
        {"prompt", "response", ""},
        {"prompt", "completion", ""},
        {"instruction", "output", "input"},
        {"instruction", "response", "context"},
        {"question", "answer", ""},
    };

    private static final int MOST_ROWS = 20_000_000;

    private final Path file;
    private final List<Conversation> rows = new ArrayList<>();

    private DataReader(Path file) {
        this.file = file;
    }

    /**
     * All rows of a file, unpacked if its name ends in {@code .gz}.
     *
     * @throws TuneException if a row is not of a known form, with its number
     */
    static List<Conversation> read(Path file) throws IOException {
        DataReader reader = new DataReader(file);
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.lines(lines);
        }
        if (reader.rows.isEmpty()) {
            throw new TuneException(file + ": expected rows to learn from, found none");
        }
        return List.copyOf(reader.rows);
    }

    private void lines(BufferedReader lines) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (number == 1 && line.stripLeading().startsWith("[")) {
                array(line, lines);
                return;
            }
            if (!line.isBlank()) {
                add(number, parse("line " + number, line));
            }
        }
    }

    private void array(String first, BufferedReader rest) throws IOException {
        StringBuilder text = new StringBuilder(first);
        for (String line = rest.readLine(); line != null; line = rest.readLine()) {
            text.append('\n').append(line);
        }
        if (parse("the file", text.toString()) instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                add(i + 1, list.get(i));
            }
        }
    }

    private @Nullable Object parse(String what, String text) {
        try {
            JsonReader reader =
                    new JsonReader(file + ", " + what, text.getBytes(StandardCharsets.UTF_8));
            Object value = reader.value();
            reader.end();
            return value;
        } catch (FormatException e) {
            throw new TuneException(String.valueOf(e.getMessage()), e);
        }
    }

    private void add(int row, @Nullable Object value) {
        if (rows.size() == MOST_ROWS) {
            throw new TuneException(file + ": expected at most " + MOST_ROWS + " rows");
        }
        if (!(value instanceof Map<?, ?> members)) {
            throw wrong(row, "an object", String.valueOf(value));
        }
        List<ChatMessage> messages;
        if (members.get("messages") instanceof List<?> list) {
            messages = messages(row, list, "role", "content");
        } else if (members.get("conversations") instanceof List<?> list) {
            messages = messages(row, list, "from", "value");
        } else {
            messages = pair(row, members);
        }
        boolean answers =
                messages.stream()
                        .anyMatch(m -> m.role() == Role.ASSISTANT && !m.content().isBlank());
        if (!answers || messages.getFirst().role() == Role.ASSISTANT) {
            throw wrong(row, "a question and an answer to learn", "none");
        }
        rows.add(new Conversation(row, messages));
    }

    private List<ChatMessage> messages(int row, List<?> list, String role, String content) {
        List<ChatMessage> messages = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> message)
                    || !(message.get(role) instanceof String who)
                    || !(message.get(content) instanceof String what)) {
                throw wrong(
                        row,
                        "messages with " + role + " and " + content + " as text",
                        String.valueOf(element));
            }
            messages.add(new ChatMessage(role(row, who), what));
        }
        return messages;
    }

    private Role role(int row, String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "system" -> Role.SYSTEM;
            case "user", "human", "prompter" -> Role.USER;
            case "assistant", "gpt", "bot", "model" -> Role.ASSISTANT;
            default -> throw wrong(row, "the role system, user or assistant", name);
        };
    }

    private List<ChatMessage> pair(int row, Map<?, ?> members) {
        for (String[] names : PAIRS) {
            if (members.get(names[0]) instanceof String question
                    && members.get(names[1]) instanceof String answer) {
                boolean more = members.get(names[2]) instanceof String beside && !beside.isBlank();
                String prompt = more ? question + "\n" + members.get(names[2]) : question;
                return List.of(ChatMessage.user(prompt), ChatMessage.assistant(answer));
            }
        }
        throw wrong(
                row,
                "messages, prompt and response, or instruction and output",
                "members " + members.keySet());
    }

    private TuneException wrong(int row, String expected, String found) {
        String shown = found.length() > 80 ? found.substring(0, 80) + "..." : found;
        return new TuneException(
                file + ", row " + row + ": expected " + expected + ", found " + shown);
    }
}
