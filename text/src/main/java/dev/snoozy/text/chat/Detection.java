package dev.snoozy.text.chat;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds how a model writes, by the marks in its chat template. */
final class Detection {
    private static final Pattern INVOKE = Pattern.compile("<([\\w:-]{0,40})invoke name=");
    private static final Pattern INVOKE_WRAPPER =
            Pattern.compile("<([\\w:-]{0,40}(?:function_calls|tool_calls?))>");
    private static final Pattern PARAMETER_WRAPPER = Pattern.compile("<([\\w:-]{0,40}tool_call)>");

    /** The arguments behind {@code "parameters":} in a call that the template writes. */
    private static final Pattern PARAMETERS =
            Pattern.compile("\\{?\\\\?\"name\\\\?\"[^\\n]{0,200}\\\\?\"parameters\\\\?\":");

    private static final List<ReasoningMarks> REASONING =
            List.of(
                    new ReasoningMarks("<seed:think>", "</seed:think>"),
                    new ReasoningMarks("[THINK]", "[/THINK]"),
                    new ReasoningMarks("<|channel>thought", "<channel|>"),
                    new ReasoningMarks("<|START_THINKING|>", "<|END_THINKING|>"),
                    new ReasoningMarks("<|inner_prefix|>", "<|inner_suffix|>"),
                    new ReasoningMarks("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),
                    new ReasoningMarks("<think>", "</think>"),
                    new ReasoningMarks("<reasoning>", "</reasoning>"),
                    new ReasoningMarks("<thinking>", "</thinking>"));

    private Detection() {}

    /** The marks around reasoning, if the template knows any. */
    static Optional<ReasoningMarks> reasoning(String source) {
        if (source.contains("<|channel|>") && source.contains("<|message|>")) {
            return Optional.of(new ReasoningMarks("<|channel|>analysis<|message|>", "<|end|>"));
        }
        if (source.contains("to=self") && source.contains("<|message|>")) {
            return Optional.of(new ReasoningMarks(" to=self<|message|>", "<|eom|>"));
        }
        for (ReasoningMarks marks : REASONING) {
            if (source.contains(marks.start()) || source.contains(marks.end())) {
                return Optional.of(marks);
            }
        }
        return Optional.empty();
    }

    /** How calls are written. */
    static Family family(String source) {
        Family family = byMarks(source);
        if (source.contains("<use_mcp_tool>")) {
            Opening section = new Opening.Section("<use_mcp_tool>", null);
            family = family.with(section, "</use_mcp_tool>");
            family = family.with(Families.serverTool(), "</arguments>");
        }
        if (source.contains("[BEGIN FINAL RESPONSE]")) {
            family = family.dropping("[END FINAL RESPONSE]");
        }
        for (String tag : List.of("response", "answer")) {
            String open = "<" + tag + ">";
            String close = "</" + tag + ">";
            if (source.contains(open) && source.contains(close)) {
                family = family.dropping(open, close);
            }
        }
        return family;
    }

    private static Family byMarks(String source) {
        if (source.contains("｜DSML｜")) {
            String wrapper =
                    "｜DSML｜"
                            + (source.contains("function_calls>")
                                    ? "function_calls"
                                    : "tool_calls");
            return TaggedFamilies.invocations("deepseek-dsml", "｜DSML｜", wrapper, true);
        }
        if (source.contains("<｜tool▁call▁begin｜>")) {
            return Families.deepSeek(source.contains("```json"));
        }
        if (source.contains("<|tool_call_argument_begin|>")) {
            return Families.kimi();
        }
        if (source.contains("<|channel|>") && source.contains("<|message|>")) {
            return Families.harmony();
        }
        Matcher invoke = INVOKE.matcher(source);
        if (invoke.find()) {
            return invocations(source, invoke.group(1));
        }
        if (source.contains("<parameter=")) {
            Matcher wrapper = PARAMETER_WRAPPER.matcher(source);
            String tag = wrapper.find() ? wrapper.group(1) : "tool_call";
            boolean seed = tag.contains(":");
            return TaggedFamilies.parameterTags(seed ? "seed-oss" : "qwen3-coder-xml", tag, !seed);
        }
        if (source.contains("<arg_key>")) {
            return TaggedFamilies.argumentPairs(source.contains("</arg_key>\\n<arg_value>"));
        }
        if (source.contains("[TOOL_CALLS]")) {
            return Families.mistral(source.contains("[ARGS]"), source.contains("[CALL_ID]"));
        }
        if (source.contains("<|tool_call>") && source.contains("<tool_call|>")) {
            return Families.gemma();
        }
        if (source.contains("<start_function_call>")) {
            return Families.functionGemma();
        }
        if (source.contains("<|recipient|>") && source.contains("<|content|>")) {
            return Families.recipientMarks();
        }
        if (source.contains("<|reserved_special_token_249|>")) {
            return Families.reservedMarks("<|reserved_special_token_249|>");
        }
        if (source.contains("<function=") || source.contains("start_tag => `<function`")) {
            return Families.functionTag();
        }
        if (source.contains(">>>all")) {
            return Families.recipients();
        }
        return byBrackets(source);
    }

    /** Families that put JSON or Python between two marks. */
    private static Family byBrackets(String source) {
        if (source.contains("functools[")) {
            return Families.array("firefunction", "functools", "");
        }
        if (source.contains("<|tools_prefix|>")) {
            return Families.apertus();
        }
        if (source.contains("<|START_ACTION|>")) {
            return Families.command();
        }
        if (source.contains("<|tool_call_start|>") || source.contains("\"List of tools: [\"")) {
            return Families.pythonList("<|tool_call_start|>", "<|tool_call_end|>");
        }
        if (source.contains("<function_calls>")) {
            return Families.pythonLines("<function_calls>", "</function_calls>");
        }
        if (source.contains("<|action_start|>") && source.contains("<|plugin|>")) {
            return Families.plugin();
        }
        if (source.contains("Action:") && source.contains("tool_name")) {
            return Families.action();
        }
        boolean function = source.contains("<|function_call|>");
        if (function || source.contains("function call") && source.contains("<|role_sep|>")) {
            return Families.gigaChat(function);
        }
        if (source.contains("<|tool_call|>")) {
            boolean closed = source.contains("<|/tool_call|>");
            return closed
                    ? Families.array("phi4-mini", "<|tool_call|>", "<|/tool_call|>")
                    : Families.array("granite", "<|tool_call|>", "");
        }
        if (source.contains("<TOOLCALL>")) {
            return Families.array("nemotron", "<TOOLCALL>", "</TOOLCALL>");
        }
        if (source.contains("<tool_calls>")) {
            return Families.array("apriel", "<tool_calls>", "</tool_calls>")
                    .with(Families.namedObject("<tool_call>"), "</tool_call>");
        }
        if (source.contains("<tool_call>")) {
            return Families.hermes();
        }
        boolean llama =
                source.contains("<|python_tag|>")
                        || source.contains("<|python_start|>")
                        || PARAMETERS.matcher(source).find();
        return llama ? Families.llama3() : Families.generic();
    }

    private static Family invocations(String source, String space) {
        Matcher wrapper = INVOKE_WRAPPER.matcher(source);
        String tag = wrapper.find() ? wrapper.group(1) : "";
        String name = tag.startsWith("minimax:") ? "minimax" : "invoke-xml";
        Family family = TaggedFamilies.invocations(name, space, tag, false);
        boolean messages = source.contains("<|start|>") && source.contains("<|message|>");
        return messages ? TaggedFamilies.inMessages(family) : family;
    }
}
