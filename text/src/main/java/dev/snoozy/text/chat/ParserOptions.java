package dev.snoozy.text.chat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What a parser must know of a request.
 *
 * @param tools those that were offered. Only calls of these are calls; without any, the whole text
 *     is content and reasoning
 * @param anyTool whether calls of other names are calls, too
 * @param splitReasoning whether reasoning is a part of its own; else it stays in the content, with
 *     its marks
 * @param promptEnd the end of the rendered prompt, some hundred characters or all of it: a template
 *     may have begun the reasoning there. May be empty
 * @param controlNames names of control tokens; where they are no marks of the format they are
 *     dropped
 * @param ids makes the id of a call that has none of its own, or one that an earlier call of the
 *     answer had, from its index. It is asked once for each such call, in their order. Mistral's
 *     templates want nine letters or digits
 */
public record ParserOptions(
        List<ToolDefinition> tools,
        boolean anyTool,
        boolean splitReasoning,
        String promptEnd,
        Set<String> controlNames,
        IntFunction<String> ids) {
    /** No tools, reasoning split, nothing known of the prompt. */
    public static final ParserOptions DEFAULT =
            new ParserOptions(List.of(), false, true, "", Set.of(), ParserOptions::nineCharacters);

    /** An id that every template takes: the word call and five digits. */
    static String nineCharacters(int index) {
        return String.format(Locale.ROOT, "call%05d", index % 100_000);
    }

    public ParserOptions {
        tools = List.copyOf(tools);
        controlNames = Set.copyOf(controlNames);
    }

    /** These options with tools. */
    public ParserOptions withTools(List<ToolDefinition> offered) {
        return new ParserOptions(offered, anyTool, splitReasoning, promptEnd, controlNames, ids);
    }

    /** These options, with or without calls of tools that were not offered. */
    public ParserOptions withAnyTool(boolean any) {
        return new ParserOptions(tools, any, splitReasoning, promptEnd, controlNames, ids);
    }

    /** These options, with reasoning apart or in the content. */
    public ParserOptions withSplitReasoning(boolean split) {
        return new ParserOptions(tools, anyTool, split, promptEnd, controlNames, ids);
    }

    /** These options after a prompt. */
    public ParserOptions withPromptEnd(String end) {
        return new ParserOptions(tools, anyTool, splitReasoning, end, controlNames, ids);
    }

    /** These options with names of control tokens. */
    public ParserOptions withControlNames(Set<String> names) {
        return new ParserOptions(tools, anyTool, splitReasoning, promptEnd, names, ids);
    }

    /** These options with another way to make ids. */
    public ParserOptions withIds(IntFunction<String> maker) {
        return new ParserOptions(tools, anyTool, splitReasoning, promptEnd, controlNames, maker);
    }
}
