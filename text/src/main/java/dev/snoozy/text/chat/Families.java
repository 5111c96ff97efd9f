package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Family.Channels;
import dev.snoozy.text.chat.Opening.Braces;
import dev.snoozy.text.chat.Opening.Code;
import dev.snoozy.text.chat.Opening.Header;
import dev.snoozy.text.chat.Opening.Named;
import dev.snoozy.text.chat.Opening.Section;
import dev.snoozy.text.chat.ToolCallSyntax.Arguments;

import java.util.List;
import java.util.Set;

/** The ways to write calls that are not put together from what a template says. */
final class Families {
    private static final Arguments JSON = new Arguments.Json();

    private Families() {}

    /**
     * Asked for where a template knows nothing of tools. What models are known to write without
     * being asked is read as well.
     */
    static Family generic() {
        Family family = object("generic", "<tool_call>", "</tool_call>");
        family = family.with(new Section("<TOOLCALL>", null), "</TOOLCALL>");
        family = family.with(new Section("<|tool_call|>", null), "<|/tool_call|>");
        family = family.with(new Section("<|tool_call_start|>", null), "<|tool_call_end|>");
        family = family.with(new Section("<|python_tag|>", new Code("")), "");
        family = family.with(TaggedFamilies.parameterTags("<function="), "</function>");
        return family.with(mistral(false, false).openings().getFirst(), "");
    }

    /** A section with JSON, or a name and JSON behind it. */
    static Section namedObject(String open) {
        return new Section(open, new Named("", "", List.of("\n", "```json", "{"), Header.PLAIN));
    }

    static Family hermes() {
        return object("hermes", "<tool_call>", "</tool_call>");
    }

    /** One JSON object between two marks, on lines of its own; a mark for each call. */
    private static Family object(String name, String open, String close) {
        ToolCallSyntax syntax =
                new ToolCallSyntax(
                        "",
                        open + "\n{\"name\": \"",
                        "\", \"arguments\": ",
                        JSON,
                        "}\n" + close,
                        "\n",
                        "",
                        true);
        return new Family(
                name,
                List.of(namedObject(open), new Section("<tool_calls>", null)),
                Set.of(close, "</tool_calls>"),
                Set.of(),
                null,
                syntax);
    }

    /** JSON objects in an array behind a mark. */
    static Family array(String name, String open, String close) {
        ToolCallSyntax syntax =
                new ToolCallSyntax(
                        open + "[",
                        "{\"name\": \"",
                        "\", \"arguments\": ",
                        JSON,
                        "}",
                        ", ",
                        "]" + close,
                        true);
        Set<String> closers = close.isEmpty() ? Set.of() : Set.of(close);
        List<Opening> openings = List.of(new Section(open, null));
        return new Family(name, openings, closers, Set.of(), null, syntax);
    }

    /** Apertus: the name of the tool is the name of the member. */
    static Family apertus() {
        ToolCallSyntax syntax =
                new ToolCallSyntax(
                        "<|tools_prefix|>[",
                        "{\"",
                        "\": ",
                        JSON,
                        "}",
                        ", ",
                        "]<|tools_suffix|>",
                        true);
        return new Family(
                "apertus",
                List.of(new Section("<|tools_prefix|>", null)),
                Set.of("<|tools_suffix|>"),
                Set.of(),
                null,
                syntax);
    }

    /** Command R7B and A. */
    static Family command() {
        ToolCallSyntax syntax =
                new ToolCallSyntax(
                        "<|START_ACTION|>[\n",
                        "    {\"tool_call_id\": \"0\", \"tool_name\": \"",
                        "\", \"parameters\": ",
                        JSON,
                        "}",
                        ",\n",
                        "\n]<|END_ACTION|>",
                        true);
        return new Family(
                "command-r7b",
                List.of(new Section("<|START_ACTION|>", null)),
                Set.of("<|END_ACTION|>"),
                Set.of("<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|START_TEXT|>", "<|END_TEXT|>"),
                null,
                syntax);
    }

    /** Mistral to version 7: an array behind the mark. From 11 on: name, mark, arguments. */
    static Family mistral(boolean named, boolean withIds) {
        Opening name = new Named("", "", List.of("[CALL_ID]", "[ARGS]", "{"), Header.MISTRAL);
        ToolCallSyntax array =
                new ToolCallSyntax(
                        "[TOOL_CALLS][",
                        "{\"name\": \"",
                        "\", \"arguments\": ",
                        JSON,
                        "}",
                        ", ",
                        "]",
                        true);
        ToolCallSyntax each =
                new ToolCallSyntax("", "[TOOL_CALLS]", "[ARGS]", JSON, "", "", "", true);
        return new Family(
                named ? withIds ? "mistral-v11" : "mistral-v13" : "mistral",
                List.of(new Section("[TOOL_CALLS]", name)),
                Set.of(),
                Set.of(),
                null,
                named ? each : array);
    }

    /** Llama 3.1 to 3.3: a JSON object that is the whole answer, or a tool of the model's own. */
    static Family llama3() {
        ToolCallSyntax syntax =
                new ToolCallSyntax(
                        "", "{\"name\": \"", "\", \"parameters\": ", JSON, "}", "; ", "", false);
        return new Family(
                "llama3-json",
                List.of(
                        new Section("<|python_tag|>", new Code("")),
                        new Section("<|python_start|>", new Code(""))),
                Set.of("<|python_end|>"),
                Set.of(),
                null,
                syntax);
    }

    /** A name in the tag, JSON in it; Functionary 3.1. */
    static Family functionTag() {
        ToolCallSyntax syntax =
                new ToolCallSyntax("", "<function=", ">", JSON, "</function>", "", "", true);
        return new Family(
                "functionary-v3.1",
                List.of(
                        TaggedFamilies.parameterTags("<function="),
                        new Section("<|python_tag|>", new Code(""))),
                Set.of("</function>"),
                Set.of(),
                null,
                syntax);
    }

    /** Recipients on lines of their own; Functionary 3.2. */
    static Family recipients() {
        ToolCallSyntax syntax = new ToolCallSyntax("", ">>>", "\n", JSON, "", "", "", true);
        return new Family(
                "functionary-v3.2",
                List.of(new Named(">>>", "", List.of("\n", "{"), Header.PLAIN)),
                Set.of(),
                Set.of(">>>all\n"),
                null,
                syntax);
    }

    /** DeepSeek R1 and V3, V3.1: marks around the list and each call. */
    static Family deepSeek(boolean fenced) {
        String begin = "<｜tool▁calls▁begin｜>";
        String each = "<｜tool▁call▁begin｜>";
        String separator = "<｜tool▁sep｜>";
        String close = "<｜tool▁call▁end｜>";
        String end = "<｜tool▁calls▁end｜>";
        ToolCallSyntax syntax =
                fenced
                        ? new ToolCallSyntax(
                                begin,
                                each + "function" + separator,
                                "\n```json\n",
                                JSON,
                                "\n```" + close,
                                "\n",
                                end,
                                true)
                        : new ToolCallSyntax(begin, each, separator, JSON, close, "", end, true);
        return new Family(
                fenced ? "deepseek-r1" : "deepseek-v3.1",
                List.of(
                        new Section(begin, null),
                        new Named(each, "", List.of(separator), Header.DEEPSEEK)),
                Set.of(close, end),
                Set.of(),
                null,
                syntax);
    }

    static Family kimi() {
        String begin = "<|tool_calls_section_begin|>";
        String end = "<|tool_calls_section_end|>";
        String each = "<|tool_call_begin|>";
        String arguments = "<|tool_call_argument_begin|>";
        String close = "<|tool_call_end|>";
        return new Family(
                "kimi-k2",
                List.of(
                        new Section(begin, null),
                        new Named(each, "", List.of(arguments), Header.KIMI)),
                Set.of(close, end),
                Set.of(),
                null,
                new ToolCallSyntax(
                        begin, each + "functions.", ":0" + arguments, JSON, close, "", end, true));
    }

    /** GPT-OSS: messages on channels; a call is a message to a tool. */
    static Family harmony() {
        Set<String> ends = Set.of("<|end|>", "<|call|>", "<|return|>");
        return new Family(
                "gpt-oss-harmony",
                List.of(),
                Set.of("<|call|>"),
                Set.of("<|constrain|>"),
                new Channels("<|start|>", "<|channel|>", "<|message|>", ends),
                new ToolCallSyntax(
                        "",
                        "<|channel|>commentary to=functions.",
                        " <|constrain|>json<|message|>",
                        JSON,
                        "",
                        "",
                        "",
                        false));
    }

    /** Gemma 4: an object with bare names. */
    static Family gemma() {
        return gemma("gemma4", "<|tool_call>", "<|\"|>", "<tool_call|>", "<|tool_response>");
    }

    /** FunctionGemma: the same with other marks. */
    static Family functionGemma() {
        return gemma(
                "function-gemma",
                "<start_function_call>",
                "<escape>",
                "<end_function_call>",
                "<start_function_response>");
    }

    private static Family gemma(
            String name, String open, String quote, String close, String response) {
        return new Family(
                name,
                List.of(new Braces(open, quote)),
                Set.of(close, response),
                Set.of(response),
                null,
                new ToolCallSyntax(
                        "", open + "call:", "", new Arguments.Bare(quote), close, "", "", true));
    }

    /** Functionary 2: recipients behind a mark; the text of the answer has one as well. */
    static Family recipientMarks() {
        String open = "<|recipient|>";
        String content = "\n<|content|>";
        return new Family(
                "functionary-v2",
                List.of(new Named(open, "", List.of(content), Header.PLAIN)),
                Set.of("<|stop|>", "<|from|>assistant\n"),
                Set.of(open + "all" + content, "<|from|>assistant\n", "<|stop|>"),
                null,
                new ToolCallSyntax("", open, content, JSON, "", "\n<|from|>assistant\n", "", true));
    }

    /** Functionary 2.5: the name of a tool behind a token without a name of its own. */
    static Family reservedMarks(String open) {
        return new Family(
                "functionary-v2.5",
                List.of(new Named(open, "", List.of("\n", "{"), Header.PLAIN)),
                Set.of(),
                Set.of(),
                null,
                new ToolCallSyntax("", open, "\n", JSON, "", "", "", true));
    }

    /** LFM2: Python calls in a list between marks. */
    static Family pythonList(String open, String close) {
        return python("lfm2", open, close, open + "[", ", ", "]" + close);
    }

    /** OLMo 3: Python calls on lines of their own between marks. */
    static Family pythonLines(String open, String close) {
        return python("olmo3", open, close, open, "\n", close);
    }

    private static Family python(
            String name, String open, String close, String begin, String separator, String end) {
        Arguments keywords = new Arguments.Keywords();
        return new Family(
                name,
                List.of(new Section(open, null)),
                Set.of(close),
                Set.of(),
                null,
                new ToolCallSyntax(begin, "", "(", keywords, ")", separator, end, true));
    }

    /** Command R and R+: JSON in a fence behind a word. */
    static Family action() {
        return new Family(
                "command-r",
                List.of(new Section("Action:", null)),
                Set.of(),
                Set.of(),
                null,
                new ToolCallSyntax(
                        "Action: ```json\n[\n",
                        "    {\n        \"tool_name\": \"",
                        "\",\n        \"parameters\": ",
                        JSON,
                        "\n    }",
                        ",\n",
                        "\n]\n```",
                        true));
    }

    /** InternLM 2: a JSON object between marks, one call. */
    static Family plugin() {
        return new Family(
                "internlm2",
                List.of(new Section("<|action_start|>", null), new Section("<|plugin|>", null)),
                Set.of("<|action_end|>"),
                Set.of(),
                null,
                new ToolCallSyntax(
                        "",
                        "<|action_start|><|plugin|>\n{\"name\": \"",
                        "\", \"parameters\": ",
                        JSON,
                        "}<|action_end|>",
                        "",
                        "",
                        false));
    }

    /** GigaChat 3 and 3.1: one call behind a mark or the header of a message. */
    static Family gigaChat(boolean mark) {
        String header = "<|message_sep|>\n\nfunction call<|role_sep|>\n";
        String open = mark ? "<|function_call|>" : header;
        List<Opening> openings =
                List.of(
                        new Section("<|function_call|>", null),
                        new Section(header, null),
                        new Section("function call<|role_sep|>\n", null));
        return new Family(
                "gigachat",
                openings,
                Set.of(),
                Set.of("<|message_sep|>"),
                null,
                new ToolCallSyntax(
                        "",
                        open + "{\"name\": \"",
                        "\", \"arguments\": ",
                        JSON,
                        "}",
                        "",
                        "",
                        false));
    }

    /** Servers and their tools, as MiroThinker calls them. */
    static Opening serverTool() {
        return new Named("<server_name>", "<tool_name>", List.of("</tool_name>"), Header.PLAIN);
    }
}
