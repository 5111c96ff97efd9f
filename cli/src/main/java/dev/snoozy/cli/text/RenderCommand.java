package dev.snoozy.cli.text;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy render}: what a chat template makes of a conversation. */
@Command(
        name = "render",
        description = "Show the prompt that a chat template makes of a conversation.",
        footer = {
            "",
            "Example:",
            "  snoozy render model.gguf -m \"system: Be brief.\" -m \"user: Hello\"",
            "  snoozy render --template chat.jinja --messages conversation.json"
        },
        mixinStandardHelpOptions = true)
public final class RenderCommand implements Callable<Integer> {
    private static final List<String> ROLES = List.of("system", "user", "assistant", "tool");

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "a GGUF file or the name of a model, whose template is used")
    private @Nullable String name;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "a Jinja file, instead of the model's template")
    private @Nullable Path template;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "ROLE:TEXT",
            description = "a message; may be repeated")
    private List<String> lines = List.of();

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            description = "messages from a JSON array, before those of -m")
    private @Nullable Path messages;

    @Option(
            names = "--tools",
            paramLabel = "FILE",
            description = "a JSON array of tools that the model may call")
    private @Nullable Path tools;

    @Option(
            names = "--set",
            paramLabel = "NAME=JSON",
            description = "a variable of the template; may be repeated")
    private Map<String, String> variables = Map.of();

    @Option(
            names = "--no-generation-prompt",
            description = "do not open the answer that the model is to give")
    private boolean closed;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("messages", conversation());
        values.put("tools", tools == null ? null : read(tools));
        values.put("documents", null);
        values.put("add_generation_prompt", !closed);
        String source = template == null ? fromModel(values) : Input.file(template);
        if (template != null && name != null) {
            fromModel(values);
        }
        variables.forEach((key, value) -> values.put(key, parse("--set " + key, value)));
        String text = ChatTemplate.parse(source).render(values);
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(Json.write(Map.of("prompt", text)));
        } else {
            out.print(text); // to the letter, so nothing is added
        }
        out.flush();
        return 0;
    }

    /** The template of the model; its special tokens become variables. */
    private String fromModel(Map<String, Object> values) throws IOException {
        if (name == null) {
            throw new WrongUseException("expected a MODEL or --template FILE");
        }
        try (GgufFile file = Models.open(name)) {
            Vocabulary vocabulary = Tokenizer.of(file.metadata()).vocabulary();
            if (vocabulary.bos() >= 0) {
                values.put("bos_token", vocabulary.piece(vocabulary.bos()));
            }
            if (vocabulary.eos() >= 0) {
                values.put("eos_token", vocabulary.piece(vocabulary.eos()));
            }
            String source = file.metadata().string("tokenizer.chat_template", "");
            if (source.isEmpty() && template == null) {
                throw new WrongUseException(name + " has no chat template; cure: --template FILE");
            }
            return source;
        }
    }

    private List<Object> conversation() throws IOException {
        List<Object> all = new ArrayList<>();
        if (messages != null) {
            if (!(read(messages) instanceof List<?> list)) {
                throw new WrongUseException(messages + ": expected a JSON array of messages");
            }
            all.addAll(list);
        }
        for (String line : lines) {
            int colon = line.indexOf(':');
            String role = colon < 0 ? line : line.substring(0, colon).strip();
            if (colon < 0 || !ROLES.contains(role.toLowerCase(Locale.ROOT))) {
                throw new WrongUseException(
                        "-m: expected ROLE: TEXT with a role of "
                                + String.join(", ", ROLES)
                                + "; found "
                                + line);
            }
            String content = line.substring(colon + 1);
            all.add(
                    Map.of(
                            "role",
                            role.toLowerCase(Locale.ROOT),
                            "content",
                            content.startsWith(" ") ? content.substring(1) : content));
        }
        if (all.isEmpty()) {
            throw new WrongUseException("no messages; cure: -m \"user: Hello\" or --messages FILE");
        }
        return all;
    }

    private static Object read(Path file) throws IOException {
        return parse(file.toString(), Input.file(file));
    }

    private static Object parse(String what, String text) {
        try {
            return Json.mapper().readValue(text, Object.class);
        } catch (JacksonException e) {
            throw new WrongUseException(
                    what + ": expected JSON; " + String.valueOf(e.getOriginalMessage()));
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
