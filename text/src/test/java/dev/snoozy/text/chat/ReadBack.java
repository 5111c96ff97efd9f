package dev.snoozy.text.chat;

import dev.snoozy.testkit.Data;
import dev.snoozy.text.TextException;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.template.TemplateLimits;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders an assistant's message by a template and reads it back: what a template writes is what
 * its model writes.
 */
@SuppressWarnings("NullAway") // members of JSON that are known to be there
final class ReadBack {
    static final JsonMapper JSON = new JsonMapper();
    static final Path CHAT = Data.shared().resolve("chat");
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-15T10:30:00Z"), ZoneOffset.UTC);

    /** Marks at the end of a turn that a template may write behind calls only. */
    private static final List<String> ENDS =
            List.of(
                    "<|call|>",
                    "<|eom_id|>",
                    "<|eot_id|>",
                    "<|eom|>",
                    "<|eot|>",
                    "<|tool_response>");

    private static final Pattern CONTROL = Pattern.compile("<[|｜][^<>\\s'\"]{1,40}[|｜]>");

    final String name;
    final String source;
    final ChatTemplate template;
    final ChatFormat format;
    private final Map<String, Object> tokens = new HashMap<>();

    ReadBack(Map<String, Object> entry) throws IOException {
        name = (String) entry.get("template");
        source = Files.readString(CHAT.resolve("templates").resolve(name + ".jinja"));
        template = ChatTemplate.parse(source);
        format = ChatFormat.of(source);
        for (String token : List.of("bos_token", "eos_token")) {
            if (entry.get(token) != null) {
                tokens.put(token, entry.get(token));
            }
        }
    }

    static List<ReadBack> all() throws IOException {
        List<Map<String, Object>> entries =
                JSON.readValue(
                        Files.readString(CHAT.resolve("templates.json")),
                        new TypeReference<List<Map<String, Object>>>() {});
        List<ReadBack> result = new ArrayList<>();
        for (Map<String, Object> entry : entries) {
            result.add(new ReadBack(entry));
        }
        return result;
    }

    static List<Map<String, Object>> cases() throws IOException {
        String text = new String(Data.read(CHAT.resolve("cases.jsonl.gz")), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> JSON.readValue(line, new TypeReference<Map<String, Object>>() {}))
                .toList();
    }

    /** What a tokenizer of this model would take for control tokens. */
    Set<String> controlNames() {
        Set<String> names = new HashSet<>();
        Matcher matcher = CONTROL.matcher(source);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        tokens.values().forEach(token -> names.add((String) token));
        return names;
    }

    ParserOptions options(Object tools, Written written) {
        return ParserOptions.DEFAULT
                .withTools(definitions(tools))
                .withPromptEnd(written.promptEnd())
                .withControlNames(controlNames());
    }

    String render(List<?> messages, Object tools, boolean prompt, Map<String, ?> more) {
        Map<String, Object> variables = new HashMap<>(tokens);
        variables.put("messages", messages);
        variables.put("tools", tools);
        variables.put("documents", null);
        variables.put("add_generation_prompt", prompt);
        variables.put("functions", tools == null ? "" : JSON.writeValueAsString(tools));
        variables.put("datetime", "2026-01-15");
        variables.putAll(more);
        return template.render(variables, TemplateLimits.DEFAULT, CLOCK);
    }

    /** Renders with these variables and the tokens of the model. */
    String renderWith(Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(tokens);
        all.put("documents", null);
        all.put("add_generation_prompt", true);
        all.putAll(variables);
        return template.render(all, TemplateLimits.DEFAULT, CLOCK);
    }

    /**
     * What the template writes for the last message, and the prompt before it.
     *
     * @param answer without the mark at its end
     */
    record Written(String promptEnd, String answer) {}

    Written write(List<?> messages, Object tools, Map<String, ?> more) {
        List<?> before = messages.subList(0, messages.size() - 1);
        String prompt = render(before, tools, true, more);
        String bare = render(before, tools, false, more);
        String whole = render(messages, tools, false, more);
        String end = endOfTurn(before, tools, more);
        int at = common(prompt, whole);
        if (at < prompt.length()) {
            // The message does not begin as the prompt asks: step back to a whole mark.
            int mark = Math.max(whole.lastIndexOf('<', at), whole.lastIndexOf('[', at));
            int close = Math.max(whole.lastIndexOf('>', at - 1), whole.lastIndexOf(']', at - 1));
            at = mark > close && mark >= common(bare, whole) ? mark : at;
            while (at > 0 && Character.isLetter(whole.charAt(at - 1))) {
                at--;
            }
        }
        String answer = whole.substring(at);
        for (boolean found = true; found; ) {
            found = false;
            List<String> ends = new ArrayList<>(ENDS);
            ends.add(end);
            for (String text : ends) {
                if (!text.isEmpty() && answer.endsWith(text)) {
                    answer = answer.substring(0, answer.length() - text.length());
                    found = true;
                    break;
                }
            }
        }
        return new Written(prompt.substring(0, at), answer);
    }

    /** What differs after writing the last message and reading it; empty if nothing does. */
    String readBack(List<?> messages, Object tools, Map<String, ?> more) {
        Map<?, ?> message = (Map<?, ?>) messages.getLast();
        Written written = write(messages, tools, more);
        ParserOptions options = options(tools, written).withAnyTool(tools == null);
        String difference = difference(message, written, format.parse(written.answer(), options));
        if (difference.isEmpty()) {
            return "";
        }
        // A history may be written without the beginning of reasoning that stands in a prompt.
        List<?> before = messages.subList(0, messages.size() - 1);
        options = options.withPromptEnd(render(before, tools, true, more));
        String again = difference(message, written, format.parse(written.answer(), options));
        return again.isEmpty() ? "" : difference + " in " + JSON.writeValueAsString(written);
    }

    private String endOfTurn(List<?> before, Object tools, Map<String, ?> more) {
        List<Object> messages = new ArrayList<>(before);
        messages.add(Map.of("role", "assistant", "content", "sentinel9"));
        try {
            String text = render(messages, tools, false, more);
            int at = text.lastIndexOf("sentinel9");
            return at < 0 ? "" : text.substring(at + 9);
        } catch (TextException e) {
            return "";
        }
    }

    private static int common(String a, String b) {
        int at = 0;
        while (at < a.length() && at < b.length() && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        return at;
    }

    /** What differs between a message and what is read back of it; empty if nothing does. */
    String difference(Map<?, ?> message, Written written, ParsedAnswer read) {
        StringBuilder difference = new StringBuilder();
        Object calls = message.get("tool_calls");
        List<Map.Entry<String, JsonNode>> expected = new ArrayList<>();
        for (Object call : calls instanceof List<?> list ? list : List.of()) {
            Map<?, ?> function = (Map<?, ?>) ((Map<?, ?>) call).get("function");
            String name = (String) function.get("name");
            if (written.answer().contains(name)) {
                expected.add(Map.entry(name, json(function.get("arguments"))));
            }
        }
        List<Map.Entry<String, JsonNode>> found =
                read.calls().stream()
                        .map(call -> Map.entry(call.name(), json(call.arguments())))
                        .toList();
        if (!expected.equals(found)) {
            difference.append("calls ").append(found).append(" not ").append(expected);
        }
        compare("content", message.get("content"), written, read.content(), difference);
        Object reasoning = message.get("reasoning_content");
        compare("reasoning", reasoning, written, read.reasoning(), difference);
        return difference.toString();
    }

    private static void compare(
            String what, Object expected, Written written, String found, StringBuilder out) {
        String text = expected instanceof String string ? string.strip() : "";
        boolean there = !text.isEmpty() && written.answer().contains(text);
        if (!Objects.equals(found.strip(), there ? text : "")) {
            out.append(" %s '%s' not '%s'".formatted(what, found, there ? text : ""));
        }
    }

    static JsonNode json(Object value) {
        return value instanceof String text
                ? JSON.readTree(text)
                : JSON.readTree(JSON.writeValueAsString(value));
    }

    /** Tools in the form of the library, of the form in which templates get them. */
    static List<ToolDefinition> definitions(Object tools) {
        List<ToolDefinition> result = new ArrayList<>();
        for (Object tool : tools instanceof List<?> list ? list : List.of()) {
            Map<?, ?> function = (Map<?, ?>) ((Map<?, ?>) tool).get("function");
            result.add(
                    new ToolDefinition(
                            (String) function.get("name"),
                            String.valueOf(function.get("description")),
                            JSON.writeValueAsString(function.get("parameters"))));
        }
        return result;
    }
}
