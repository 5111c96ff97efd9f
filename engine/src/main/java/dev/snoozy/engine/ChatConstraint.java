package dev.snoozy.engine;

import dev.snoozy.text.TextException;
import dev.snoozy.text.chat.ChatFormat;
import dev.snoozy.text.chat.ReasoningMarks;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.grammar.Grammar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an answer in a chat must look like: calls of tools where they are forced, or what the
 * request demands; after the reasoning, if the prompt has begun one. Thread-safe.
 */
final class ChatConstraint {
    private static final int REMEMBERED = 32;
    private static final int LONGEST_MARK = 64;

    /** Between the end of reasoning and the answer. */
    private static final Grammar BLANK = Grammar.repeat(Grammar.choice(List.of("\n", " ")), 0, 2);

    private final ChatFormat format;
    private final Map<Key, Grammar> remembered = // the last ones; guarded by this
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Grammar> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private record Key(
            List<ToolDefinition> tools, boolean several, String end, Optional<Grammar> other) {}

    ChatConstraint(ChatFormat format) {
        this.format = format;
    }

    /**
     * The options of an answer to a prompt.
     *
     * @throws ModelException if tools are forced and cannot be, or the schema of one cannot be
     *     followed
     */
    GenerationOptions of(ChatRequest request, String prompt, GenerationOptions options) {
        String thought = endOfReasoning(prompt);
        Optional<OutputConstraint> given = options.constraint();
        Optional<Grammar> calls = calls(request, thought.isEmpty() ? end(prompt) : "", given);
        if (calls.isEmpty() && given.isEmpty()) {
            return options;
        }
        Grammar grammar = calls.orElseGet(() -> given.orElseThrow().grammar());
        List<String> after =
                calls.isPresent()
                        ? List.of()
                        : given.map(OutputConstraint::startAfter).orElseThrow();
        if (after.isEmpty() && !thought.isEmpty()) {
            grammar = Grammar.sequence(BLANK, grammar);
            after = List.of(thought);
        }
        return options.withConstraint(new OutputConstraint(grammar, after));
    }

    /** The calls that must come, or may come in place of the given form. */
    private Optional<Grammar> calls(
            ChatRequest request, String end, Optional<OutputConstraint> given) {
        List<ToolDefinition> tools = request.tools();
        boolean several = request.parallelToolCalls();
        return switch (request.toolChoice()) {
            case ToolChoice.None none -> Optional.empty();
            case ToolChoice.Named(String name) ->
                    Optional.of(calls(named(tools, name), false, end, Optional.empty()));
            case ToolChoice.Required required ->
                    Optional.of(calls(tools, several, end, Optional.empty()));
            case ToolChoice.Auto auto ->
                    given.filter(form -> !tools.isEmpty())
                            .map(OutputConstraint::grammar)
                            .map(form -> calls(tools, several, end, Optional.of(form)));
        };
    }

    private static List<ToolDefinition> named(List<ToolDefinition> tools, String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).toList();
    }

    /** The text that ends the reasoning which the prompt has begun, or "". */
    private String endOfReasoning(String prompt) {
        String end = prompt.stripTrailing();
        return format.reasoning()
                .filter(marks -> end.endsWith(marks.start()))
                .map(ReasoningMarks::end)
                .orElse("");
    }

    /** What may be the beginning of a call at the end of a prompt. */
    private static String end(String prompt) {
        return prompt.substring(Math.max(0, prompt.length() - LONGEST_MARK));
    }

    private Grammar calls(
            List<ToolDefinition> tools, boolean several, String end, Optional<Grammar> other) {
        Key key = new Key(tools, several, end, other);
        synchronized (this) {
            Grammar known = remembered.get(key);
            if (known != null) {
                return known;
            }
        }
        Grammar made;
        try {
            Grammar calls =
                    format.toolCallGrammar(tools, several, end)
                            .orElseThrow(() ->
                                    new ModelException(
                                            "toolChoice: this model writes calls in no form that"
                                                    + " can be forced; cure: leave the choice to"
                                                    + " the model"));
            made = other.isPresent() ? Grammar.anyOf(List.of(calls, other.get())) : calls;
        } catch (TextException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
        synchronized (this) {
            remembered.put(key, made);
        }
        return made;
    }
}
