package dev.snoozy.cli.run;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.Printable;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextStream;
import dev.snoozy.text.chat.AnswerPart;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A conversation in the terminal: line editing and history, several lines between {@code """},
 * Ctrl-C stops the answer and not the program. A model without a chat template continues each text
 * as it stands.
 */
final class TerminalChat {
    private static final String HELP =
            """
            /help            this text
            /clear           forget the conversation
            /system TEXT     forget the conversation and set the system prompt
            /exit            leave (also Ctrl-D)
            \"\"\"              begins and ends a message of several lines; so does \\ at the end of a line
            Ctrl-C           stops the answer\
            """;

    private static final String FENCE = "\"\"\"";

    /** Reasoning is shown, but faint. */
    private static final String FAINT = "\u001b[2m";

    private static final String PLAIN = "\u001b[0m";

    private final LanguageModel model;
    private final String name;
    private final GenerationOptions options;
    private final boolean plain;
    private final AtomicReference<@Nullable Runnable> stop = new AtomicReference<>();
    private @Nullable String system;
    private @Nullable List<ChatMessage> messages; // null: each text by itself

    TerminalChat(
            LanguageModel model,
            String name,
            GenerationOptions options,
            boolean raw,
            @Nullable String system) {
        this.model = model;
        this.name = name;
        this.options = options;
        this.system = system;
        plain = raw || model.chatTemplate().isEmpty();
    }

    /** Runs until the user leaves; returns the exit code. */
    int run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            terminal.handle(Terminal.Signal.INT, signal -> stopAnswer());
            LineReader reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .variable(LineReader.HISTORY_FILE, history())
                            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ")
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .build();
            PrintWriter out = terminal.writer();
            out.println(name + ", " + model.kernels() + ". /help shows what you can type.");
            if (plain) {
                out.println("No chat template is used: the model continues your text.");
            }
            restart();
            talk(reader, out);
            return 0;
        }
    }

    private void talk(LineReader reader, PrintWriter out) {
        while (true) {
            String text;
            try {
                text = read(reader);
            } catch (UserInterruptException e) {
                out.println("(Ctrl-D or /exit leaves)");
                continue;
            } catch (EndOfFileException e) {
                return;
            }
            if (text.isBlank()) {
                continue;
            }
            if (text.startsWith("/")) {
                if (!command(text.strip(), out)) {
                    return;
                }
            } else {
                answer(text, out);
            }
            out.flush();
        }
    }

    /** One message, which may be of several lines. */
    private static String read(LineReader reader) {
        String line = reader.readLine("> ");
        StringBuilder text = new StringBuilder();
        if (line.strip().startsWith(FENCE)) {
            line = line.strip().substring(FENCE.length());
            while (!line.stripTrailing().endsWith(FENCE)) {
                text.append(line).append('\n');
                line = reader.readLine("… ");
            }
            String last = line.stripTrailing();
            return text.append(last, 0, last.length() - FENCE.length()).toString().strip();
        }
        while (line.endsWith("\\")) {
            text.append(line, 0, line.length() - 1).append('\n');
            line = reader.readLine("… ");
        }
        return text.append(line).toString();
    }

    /** Obeys a command; false to leave. */
    private boolean command(String text, PrintWriter out) {
        String[] words = text.split("\\s+", 2);
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "/exit", "/quit", "/bye" -> {
                return false;
            }
            case "/help", "/?" -> out.println(HELP);
            case "/clear" -> {
                restart();
                out.println("The conversation is forgotten.");
            }
            case "/system" -> {
                system = words.length > 1 ? words[1] : null;
                restart();
                out.println(plain ? "Without a chat template it has no effect." : "Set.");
            }
            default -> out.println("unknown command " + words[0] + "; /help shows them all");
        }
        return true;
    }

    private void answer(String text, PrintWriter out) {
        try {
            List<ChatMessage> session = messages;
            Generation answer = session == null ? goOn(text, out) : reply(session, text, out);
            out.println();
            out.println(RunCommand.summary(answer));
        } catch (ModelException e) {
            out.println("snoozy: " + e.getMessage());
        } finally {
            stop.set(null);
        }
    }

    private Generation goOn(String text, PrintWriter out) {
        try (TextStream stream = model.stream(text, options)) {
            stop.set(stream::cancel);
            stream.forEach(piece -> print(Printable.lines(piece), out));
            return stream.result();
        }
    }

    private Generation reply(List<ChatMessage> session, String text, PrintWriter out) {
        List<ChatMessage> all = new ArrayList<>(session);
        all.add(ChatMessage.user(text));
        ChatRequest request = ChatRequest.of(all).withOptions(options);
        try (ChatStream stream = model.chat(request)) {
            stop.set(stream::cancel);
            for (ChatPiece piece : stream) {
                for (AnswerPart part : piece.parts()) {
                    switch (part) {
                        case AnswerPart.Content(String content) ->
                                print(Printable.lines(content), out);
                        case AnswerPart.Reasoning(String thought) ->
                                print(FAINT + Printable.lines(thought) + PLAIN, out);
                        default -> {}
                    }
                }
            }
            ChatReply answer = stream.result();
            session.add(ChatMessage.user(text));
            session.add(answer.message());
            return answer.generation();
        }
    }

    private static void print(String piece, PrintWriter out) {
        out.print(piece);
        out.flush();
    }

    private void stopAnswer() {
        Runnable answering = stop.get();
        if (answering != null) {
            answering.run();
        }
    }

    private void restart() {
        if (!plain) {
            List<ChatMessage> session = new ArrayList<>();
            if (system != null) {
                session.add(ChatMessage.system(system));
            }
            messages = session;
        }
    }

    private static Path history() throws IOException {
        Path folder = Home.folder();
        Files.createDirectories(folder);
        return folder.resolve("history");
    }
}
