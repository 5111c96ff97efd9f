package dev.snoozy.engine;

import dev.snoozy.text.TextException;
import dev.snoozy.text.chat.AnswerParser;
import dev.snoozy.text.chat.ChatFormat;
import dev.snoozy.text.chat.ParserOptions;
import dev.snoozy.text.chat.TemplateMessage;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a conversation into the tokens of a prompt by the model's chat template, as much of it as
 * the context and the caller's policy allow. Immutable and thread-safe.
 */
final class ChatPrompt {
    /** Of the context, what is kept free for an answer whose length nobody has limited. */
    private static final int ANSWER_PART = 4;

    private static final String NO_TEMPLATE =
            "the model has no chat template: it continues the messages, joined by newlines";

    private final Optional<ChatTemplate> template;
    private final ChatFormat format;
    private final ChatConstraint constraint;
    private final Tokenizer tokenizer;
    private final Set<String> controlNames;
    private final int contextLength;
    private final boolean addsBos;

    /**
     * What a model is given.
     *
     * @param tokens ids of the prompt
     * @param text the prompt as it was rendered
     * @param system how many of the first tokens belong to the system messages
     * @param dropped messages that were left out
     * @param warnings what was not as one might think
     */
    record Prepared(int[] tokens, String text, int system, int dropped, List<String> warnings) {
        List<Integer> tokenList() {
            return Arrays.stream(tokens).boxed().toList();
        }
    }

    ChatPrompt(LanguageModel model) {
        template = model.chatTemplate();
        String source = model.chatTemplateSource();
        format = source.isEmpty() ? ChatFormat.none() : ChatFormat.of(source);
        constraint = new ChatConstraint(format);
        tokenizer = model.tokenizer();
        contextLength = model.contextLength();
        controlNames = controlNames(tokenizer.vocabulary());
        addsBos = model.hasGivenTemplate() && beginsWithBos(tokenizer.encode("", true, false));
    }

    private static Set<String> controlNames(Vocabulary vocabulary) {
        Set<String> names = new HashSet<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.isControl(id) && !vocabulary.piece(id).isEmpty()) {
                names.add(vocabulary.piece(id));
            }
        }
        return names;
    }

    /**
     * The prompt that asks for the next answer.
     *
     * @throws ModelException if the template refuses the conversation, or it does not fit into the
     *     context
     */
    Prepared prepare(ChatRequest request) {
        if (request.messages().isEmpty()) {
            throw new ModelException("messages: expected at least one, found none");
        }
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        int room = request.contextPolicy() == ContextPolicy.REFUSE ? contextLength : room(request);
        Rendered prompt = render(request, messages);
        int dropped = 0;
        while (prompt.tokens().length >= room) {
            int turn = request.contextPolicy() == ContextPolicy.REFUSE ? 0 : oldestTurn(messages);
            if (turn == 0) {
                throw tooLong(prompt.tokens().length, dropped);
            }
            dropped += turn;
            removeOldest(messages, turn);
            prompt = render(request, messages);
        }
        List<String> warnings = new ArrayList<>();
        if (template.isEmpty()) {
            warnings.add(NO_TEMPLATE);
        }
        if (dropped > 0) {
            warnings.add("the oldest " + dropped + " messages did not fit and were left out");
        }
        int system = request.contextPolicy() == ContextPolicy.SHIFT ? system(request, prompt) : 0;
        return new Prepared(prompt.tokens(), prompt.text(), system, dropped, warnings);
    }

    /** How the model writes; finding it out takes some renderings, so it is kept here. */
    ChatFormat format() {
        return format;
    }

    /** How the answer to a prompt is generated. */
    GenerationOptions options(ChatRequest request, Prepared prompt) {
        GenerationOptions options =
                constraint
                        .of(request, prompt.text(), request.options())
                        .withControlText(template.isPresent());
        return request.contextPolicy() == ContextPolicy.SHIFT
                ? options.withShift(prompt.system())
                : options;
    }

    /** What takes the answer to a prompt apart. */
    AnswerParser parser(ChatRequest request, Prepared prompt) {
        return format.parser(
                ParserOptions.DEFAULT
                        .withTools(tools(request))
                        .withSplitReasoning(request.splitReasoning())
                        .withPromptEnd(prompt.text())
                        .withControlNames(template.isPresent() ? controlNames : Set.of()));
    }

    /** The tokens of a prompt such that an answer still has room. */
    private int room(ChatRequest request) {
        int answer = Math.min(request.options().maxTokens(), contextLength / ANSWER_PART);
        return contextLength - answer;
    }

    private ModelException tooLong(int tokens, int dropped) {
        return new ContextExceededException(
                "the conversation has "
                        + tokens
                        + " tokens"
                        + (dropped > 0 ? " without its oldest " + dropped + " messages" : "")
                        + ", which exceeds the available context size of "
                        + contextLength
                        + " tokens; cure: a shorter conversation, a larger context length, or a"
                        + " context policy that drops old turns",
                tokens,
                contextLength);
    }

    /** How many messages the oldest turn has; 0 if there is only the last one. */
    private static int oldestTurn(List<ChatMessage> messages) {
        List<ChatMessage> spoken =
                messages.stream().filter(message -> message.role() != Role.SYSTEM).toList();
        for (int i = 1; i < spoken.size(); i++) {
            if (spoken.get(i).role() == Role.USER) {
                return i;
            }
        }
        return 0;
    }

    private static void removeOldest(List<ChatMessage> messages, int count) {
        int left = count;
        for (var each = messages.iterator(); left > 0; ) {
            if (each.next().role() != Role.SYSTEM) {
                each.remove();
                left--;
            }
        }
    }

    /** How many tokens at the beginning are the same whatever is said after the system messages. */
    private int system(ChatRequest request, Rendered prompt) {
        List<ChatMessage> messages =
                request.messages().stream().filter(m -> m.role() == Role.SYSTEM).toList();
        if (messages.isEmpty()) {
            return Math.min(1, prompt.tokens().length);
        }
        List<ChatMessage> other = new ArrayList<>(messages);
        other.add(ChatMessage.user("."));
        int common = Arrays.mismatch(prompt.tokens(), render(request, other).tokens());
        return common < 0 ? prompt.tokens().length : common;
    }

    private record Rendered(String text, int[] tokens) {}

    private Rendered render(ChatRequest request, List<ChatMessage> messages) {
        if (template.isEmpty()) {
            return joined(messages);
        }
        try {
            Map<String, Object> variables = new HashMap<>(request.templateVariables());
            variables.putAll(
                    format.variables(
                            messages.stream().map(ChatPrompt::forTemplate).toList(),
                            tools(request),
                            tokenizer::guard));
            variables.put("documents", null);
            variables.put("add_generation_prompt", true);
            Vocabulary vocabulary = tokenizer.vocabulary();
            if (vocabulary.bos() >= 0) {
                variables.put("bos_token", vocabulary.piece(vocabulary.bos()));
            }
            if (vocabulary.eos() >= 0) {
                variables.put("eos_token", vocabulary.piece(vocabulary.eos()));
            }
            String text = template.get().render(variables);
            int[] tokens = tokenizer.encodeGuarded(text);
            return new Rendered(text, addsBos && !beginsWithBos(tokens) ? withBos(tokens) : tokens);
        } catch (TextException e) {
            throw new ModelException("chat template: " + e.getMessage(), e);
        }
    }

    private static TemplateMessage forTemplate(ChatMessage message) {
        return new TemplateMessage(
                message.role().word(),
                message.content(),
                message.reasoning(),
                message.toolCalls(),
                message.toolCallId(),
                message.name());
    }

    /** The tools that the model is told of. */
    private static List<ToolDefinition> tools(ChatRequest request) {
        return request.toolChoice() instanceof ToolChoice.None ? List.of() : request.tools();
    }

    private boolean beginsWithBos(int[] tokens) {
        return tokens.length > 0 && tokens[0] == tokenizer.vocabulary().bos();
    }

    /** A template that was given for any model may not know what this one expects. */
    private int[] withBos(int[] tokens) {
        int[] all = new int[tokens.length + 1];
        all[0] = tokenizer.vocabulary().bos();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }

    private Rendered joined(List<ChatMessage> messages) {
        String text = String.join("\n", messages.stream().map(ChatMessage::content).toList());
        return new Rendered(text, tokenizer.encode(text, true, false));
    }
}
