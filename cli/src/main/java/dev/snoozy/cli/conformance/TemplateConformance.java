package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Json;
import dev.snoozy.text.TextException;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.template.TemplateLimits;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat templates against what Jinja2 renders, byte for byte; expected errors count. */
final class TemplateConformance {
    /** The instant at which the expected texts were rendered. */
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-15T10:30:00Z"), ZoneOffset.UTC);

    private final Report report;
    private final List<Path> templatePlaces;
    private final Map<String, String> sources = new HashMap<>();

    /**
     * A check.
     *
     * @param templatePlaces folders with {@code NAME.jinja}; empty for {@code templates} beside the
     *     cases
     */
    TemplateConformance(Report report, List<Path> templatePlaces) {
        this.report = report;
        this.templatePlaces = templatePlaces;
    }

    /** Checks the case files in the folders. */
    void check(List<Path> folders) throws IOException {
        for (Path file : CaseFiles.below(folders)) {
            String stem = CaseFiles.stem(file, ".jsonl");
            if (stem.equals("cases")) {
                List<Path> places =
                        templatePlaces.isEmpty()
                                ? List.of(file.resolveSibling("templates"))
                                : templatePlaces;
                for (Path place : places) {
                    readTemplates(place);
                }
                CaseFiles.lines(file, this::checkConversation);
            } else if (stem.equals("language")) {
                CaseFiles.lines(file, this::checkLanguage);
            }
        }
    }

    private void readTemplates(Path place) throws IOException {
        for (Path file : CaseFiles.below(place)) {
            if (CaseFiles.name(file).endsWith(".jinja")) {
                sources.put(CaseFiles.stem(file, ".jinja"), Files.readString(file));
            }
        }
    }

    private void checkConversation(JsonNode line) {
        String template = line.get("template").asString();
        String source = sources.get(template);
        if (source == null) {
            report.fail(line.get("id").asString(), "no template " + template + ".jinja");
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", value(line.get("messages")));
        variables.put("tools", value(line.path("tools")));
        variables.put("documents", null);
        variables.put("add_generation_prompt", value(line.path("add_generation_prompt")));
        for (String token : List.of("bos_token", "eos_token")) {
            Optional.ofNullable(value(line.path(token))).ifPresent(v -> variables.put(token, v));
        }
        if (value(line.path("kwargs")) instanceof Map<?, ?> more) {
            more.forEach((key, value) -> variables.put(String.valueOf(key), value));
        }
        check(line, source, variables);
    }

    private void checkLanguage(JsonNode line) {
        Map<String, Object> variables = new HashMap<>();
        if (value(line.path("context")) instanceof Map<?, ?> context) {
            context.forEach((key, value) -> variables.put(String.valueOf(key), value));
        }
        check(line, line.get("source").asString(), variables);
    }

    private void check(JsonNode line, String source, Map<String, Object> variables) {
        String name = line.get("id").asString();
        String found;
        try {
            found = render(source, variables);
        } catch (TextException e) {
            checkError(name, line, e);
            return;
        } catch (RuntimeException | StackOverflowError e) {
            report.fail(name, "the interpreter broke: " + e);
            return;
        }
        if (line.has("error")) {
            report.fail(name, "no error", line.get("error"), quoted(found));
        } else if (line.get("expected").asString().equals(found)) {
            report.pass(name);
        } else {
            report.fail(name, difference(line.get("expected").asString(), found));
        }
    }

    private static String render(String source, Map<String, Object> variables) {
        return ChatTemplate.parse(source).render(variables, TemplateLimits.DEFAULT, CLOCK);
    }

    private void checkError(String name, JsonNode line, TextException error) {
        String message = String.valueOf(error.getMessage());
        if (!line.has("error")) {
            report.fail(name, "an error", quoted(line.get("expected").asString()), message);
            return;
        }
        JsonNode expected = line.get("error");
        boolean raised = expected.path("kind").asString("").equals("raised");
        String text = expected.path("message").asString("");
        if (raised && !message.contains(text)) {
            report.fail(name, "the error says something else", text, message);
        } else {
            report.pass(name);
        }
    }

    /** Where two texts part, with what stands around. */
    private static String difference(String expected, String found) {
        int at = 0;
        while (at < Math.min(expected.length(), found.length())
                && expected.charAt(at) == found.charAt(at)) {
            at++;
        }
        return "the texts part at character "
                + at
                + "\nexpected "
                + around(expected, at)
                + "\nfound    "
                + around(found, at);
    }

    private static String around(String text, int at) {
        int from = Math.max(0, at - 30);
        int to = Math.min(text.length(), at + 50);
        return "…" + quoted(text.substring(from, to)) + "… of " + text.length();
    }

    private static String quoted(String text) {
        return Json.write(text);
    }

    private static @Nullable Object value(JsonNode node) {
        return node.isMissingNode() || node.isNull()
                ? null
                : Json.mapper().treeToValue(node, Object.class);
    }
}
