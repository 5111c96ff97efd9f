package dev.snoozy.engine;

import dev.snoozy.text.chat.ToolDefinition;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model is asked in a chat. Immutable; {@link #of} makes one and the {@code with} methods
 * changed copies.
 *
 * @param messages the conversation so far
 * @param options how the answer is generated
 * @param tools that the model may call, of different names
 * @param toolChoice whether it may, must or must not
 * @param parallelToolCalls whether it may call several at once
 * @param contextPolicy what becomes of a conversation that is too long
 * @param splitReasoning whether the model's reasoning is taken out of the content
 * @param templateVariables variables for the chat template beside the usual ones, such as {@code
 *     enable_thinking}: strings, numbers, booleans, lists and maps of them
 */
public record ChatRequest(
        List<ChatMessage> messages,
        GenerationOptions options,
        List<ToolDefinition> tools,
        ToolChoice toolChoice,
        boolean parallelToolCalls,
        ContextPolicy contextPolicy,
        boolean splitReasoning,
        Map<String, Object> templateVariables) {
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        templateVariables = Map.copyOf(templateVariables);
        Set<String> names = new HashSet<>();
        for (ToolDefinition tool : tools) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException(
                        "tools: expected different names, found " + tool.name() + " twice");
            }
        }
        if (toolChoice instanceof ToolChoice.Named(String name) && !names.contains(name)) {
            throw new IllegalArgumentException(
                    "toolChoice: expected one of the tools " + names + ", found " + name);
        }
        if (toolChoice instanceof ToolChoice.Required && tools.isEmpty()) {
            throw new IllegalArgumentException(
                    "toolChoice: expected tools to choose from, found none");
        }
    }

    /** A conversation, answered with the default options. */
    public static ChatRequest of(List<ChatMessage> messages) {
        return new ChatRequest(
                messages,
                GenerationOptions.defaults(),
                List.of(),
                ToolChoice.AUTO,
                true,
                ContextPolicy.REFUSE,
                true,
                Map.of());
    }

    public ChatRequest withOptions(GenerationOptions wanted) {
        return new ChatRequest(
                messages,
                wanted,
                tools,
                toolChoice,
                parallelToolCalls,
                contextPolicy,
                splitReasoning,
                templateVariables);
    }

    /** With tools, and whether the model may, must or must not call them. */
    public ChatRequest withTools(
            List<ToolDefinition> offered, ToolChoice choice, boolean parallel) {
        return new ChatRequest(
                messages,
                options,
                offered,
                choice,
                parallel,
                contextPolicy,
                splitReasoning,
                templateVariables);
    }

    public ChatRequest withContextPolicy(ContextPolicy policy) {
        return new ChatRequest(
                messages,
                options,
                tools,
                toolChoice,
                parallelToolCalls,
                policy,
                splitReasoning,
                templateVariables);
    }

    public ChatRequest withSplitReasoning(boolean split) {
        return new ChatRequest(
                messages,
                options,
                tools,
                toolChoice,
                parallelToolCalls,
                contextPolicy,
                split,
                templateVariables);
    }

    public ChatRequest withTemplateVariables(Map<String, Object> variables) {
        return new ChatRequest(
                messages,
                options,
                tools,
                toolChoice,
                parallelToolCalls,
                contextPolicy,
                splitReasoning,
                variables);
    }
}
