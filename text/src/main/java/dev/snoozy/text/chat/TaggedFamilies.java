package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Family.Channels;
import dev.snoozy.text.chat.Opening.Element;
import dev.snoozy.text.chat.Opening.Section;
import dev.snoozy.text.chat.ToolCallSyntax.Arguments;

import java.util.List;
import java.util.Set;

/** The ways to write calls with each argument between tags. */
final class TaggedFamilies {
    private TaggedFamilies() {}

    /** GLM 4.5 and later: names and values of arguments in tags. */
    static Family argumentPairs(boolean lines) {
        String open = "<tool_call>";
        String close = "</tool_call>";
        Opening element =
                new Element(
                        "",
                        List.of(),
                        List.of("\n", "<arg_key>", close, "{"),
                        "<arg_key>",
                        "</arg_key>",
                        "<arg_value>",
                        "</arg_value>",
                        close);
        String line = lines ? "\n" : "";
        String between = "</arg_key>" + line + "<arg_value>";
        return new Family(
                "glm",
                List.of(new Section(open, element)),
                Set.of(close),
                Set.of(),
                null,
                new ToolCallSyntax(
                        "",
                        open,
                        line,
                        new Arguments.Tagged("<arg_key>", between, between, "</arg_value>" + line),
                        close,
                        line,
                        "",
                        true));
    }

    /** A name in the tag, each argument in a tag with its name, as Qwen3-Coder writes it. */
    static Element parameterTags(String open) {
        return new Element(
                open,
                List.of(">"),
                List.of(),
                "<parameter=",
                ">",
                "",
                "</parameter>",
                "</function>");
    }

    /** Calls in tags {@code <function=name>} with {@code <parameter=name>} inside of others. */
    static Family parameterTags(String name, String wrapper, boolean lines) {
        String open = "<" + wrapper + ">";
        String close = "</" + wrapper + ">";
        String line = lines ? "\n" : "";
        return new Family(
                name,
                List.of(new Section(open, null), parameterTags("<function=")),
                Set.of(close),
                Set.of(),
                null,
                new ToolCallSyntax(
                        "",
                        open + "\n<function=",
                        ">\n",
                        new Arguments.Tagged(
                                "<parameter=", ">" + line, ">" + line, line + "</parameter>\n"),
                        "</function>\n" + close,
                        "\n",
                        "",
                        true));
    }

    /**
     * Calls in tags {@code <invoke name="name">} with {@code <parameter name="name">}.
     *
     * @param space what stands before {@code invoke} and {@code parameter}
     * @param wrapper the name of the tag around calls; may be empty
     * @param typed whether an attribute says which arguments are strings
     */
    static Family invocations(String name, String space, String wrapper, boolean typed) {
        String open = wrapper.isEmpty() ? "" : "<" + wrapper + ">";
        String close = wrapper.isEmpty() ? "" : "</" + wrapper + ">";
        Element invoke =
                new Element(
                        "<" + space + "invoke name=\"",
                        List.of("\">"),
                        List.of(),
                        "<" + space + "parameter name=\"",
                        ">",
                        "",
                        "</" + space + "parameter>",
                        "</" + space + "invoke>");
        String other = typed ? "\" string=\"false\">" : "\">";
        String string = typed ? "\" string=\"true\">" : "\">";
        Arguments arguments =
                new Arguments.Tagged(invoke.keyOpen(), other, string, invoke.valueEnd() + "\n");
        return new Family(
                name,
                open.isEmpty() ? List.of(invoke) : List.of(new Section(open, null), invoke),
                close.isEmpty() ? Set.of() : Set.of(close),
                Set.of(),
                null,
                new ToolCallSyntax(
                        open.isEmpty() ? "" : open + "\n",
                        invoke.mark(),
                        "\">\n",
                        arguments,
                        invoke.close() + "\n",
                        "",
                        close,
                        true));
    }

    /** The same, with each call in a message to the tool. */
    static Family inMessages(Family family) {
        Set<String> ends = Set.of("<|eom|>", "<|eot|>", "<|end|>");
        return new Family(
                family.name(),
                family.openings(),
                family.closers(),
                family.dropped(),
                new Channels("<|start|>", "", "<|message|>", ends),
                family.syntax());
    }
}
