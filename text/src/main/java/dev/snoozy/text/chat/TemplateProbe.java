package dev.snoozy.text.chat;

import dev.snoozy.text.TextException;
import dev.snoozy.text.template.ChatTemplate;
import dev.snoozy.text.template.TemplateLimits;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out what a chat template can do with tools by rendering small conversations. Templates do
 * not say what they need: some want arguments as an object, some as text, some write calls only
 * where the content is none. Immutable.
 */
final class TemplateProbe {
    /**
     * How an assistant's message with calls must look to a template.
     *
     * @param textArguments whether arguments are JSON text rather than objects
     * @param noContent whether a message without content has none rather than an empty one
     */
    record CallForm(boolean textArguments, boolean noContent) {}

    private static final List<CallForm> FORMS =
            List.of(
                    new CallForm(false, false),
                    new CallForm(false, true),
                    new CallForm(true, false),
                    new CallForm(true, true));

    private static final ToolDefinition TOOL =
            new ToolDefinition(
                    "probe_tool",
                    "probes",
                    "{\"type\":\"object\",\"properties\":{\"probe_word\":{\"type\":\"string\"}}}");
    private static final ToolCall CALL =
            new ToolCall("probe0001", "probe_tool", "{\"probe_word\": \"some<text>\"}");
    private static final String WORD = "probe_text";

    /** Enough for a conversation of three messages. */
    private static final TemplateLimits LIMITS =
            new TemplateLimits(500_000, 600, 1 << 20, 32L << 20);

    private final @Nullable ChatTemplate template;
    private final boolean tools;
    private final Optional<CallForm> callForm;
    private final boolean toolRole;
    private final boolean systemRole;

    /**
     * Probes a template.
     *
     * @param variables makes the variables of a conversation
     * @param read reads an answer back
     */
    TemplateProbe(String source, TemplateVariables variables, AnswerReader read) {
        ChatTemplate parsed = null;
        try {
            parsed = source.isBlank() ? null : ChatTemplate.parse(source);
        } catch (TextException e) {
            // Whoever renders it will hear of it.
        }
        template = parsed;
        TemplateMessage user = TemplateMessage.of("user", "hello");
        tools =
                render(variables.of(List.of(user), List.of(TOOL), FORMS.getFirst()))
                        .contains(TOOL.name());
        boolean renders =
                !render(variables.of(List.of(user), List.of(), FORMS.getFirst())).isEmpty();
        systemRole =
                !renders
                        || render(
                                        variables.of(
                                                List.of(TemplateMessage.of("system", WORD), user),
                                                List.of(),
                                                FORMS.getFirst()))
                                .contains(WORD);
        List<ToolDefinition> offered = tools ? List.of(TOOL) : List.of();
        callForm =
                FORMS.stream()
                        .filter(form -> writesCalls(form, offered, variables, read))
                        .findFirst();
        TemplateMessage answer =
                callForm.isPresent() ? called() : TemplateMessage.of("assistant", "calling");
        List<TemplateMessage> answered = List.of(user, answer, TemplateMessage.result(CALL, WORD));
        toolRole =
                render(variables.of(answered, offered, callForm.orElse(FORMS.getFirst())))
                        .contains(WORD);
    }

    /** Takes an answer apart. */
    interface AnswerReader {
        ParsedAnswer read(String answer, List<ToolDefinition> tools);
    }

    /** Makes the variables of a conversation. */
    interface TemplateVariables {
        Map<String, Object> of(
                List<TemplateMessage> messages, List<ToolDefinition> tools, CallForm form);
    }

    /** Whether the template tells the model of tools. */
    boolean tools() {
        return tools;
    }

    /** How calls must be given; empty if the template cannot write them. */
    Optional<CallForm> callForm() {
        return callForm;
    }

    /** Whether the template shows messages of tools. */
    boolean toolRole() {
        return toolRole;
    }

    /** Whether the template shows the system message. */
    boolean systemRole() {
        return systemRole;
    }

    private static TemplateMessage called() {
        return new TemplateMessage("assistant", "", "", List.of(CALL), "", "");
    }

    private boolean writesCalls(
            CallForm form,
            List<ToolDefinition> offered,
            TemplateVariables variables,
            AnswerReader read) {
        TemplateMessage user = TemplateMessage.of("user", "hello");
        Map<String, Object> before = new HashMap<>(variables.of(List.of(user), offered, form));
        before.put("add_generation_prompt", false);
        Map<String, Object> after =
                new HashMap<>(variables.of(List.of(user, called()), offered, form));
        after.put("add_generation_prompt", false);
        String start = render(before);
        String whole = render(after);
        if (!whole.startsWith(start)) {
            return false;
        }
        // Headers of the message stay in front of the call as content, which does not matter.
        List<ToolCall> calls = new ArrayList<>();
        String written = whole.substring(start.length());
        int name = written.indexOf(TOOL.name());
        for (int at = 0; at >= 0 && at <= name && calls.isEmpty(); at = next(written, at + 1)) {
            calls.addAll(read.read(written.substring(at), List.of(TOOL)).calls());
        }
        return calls.size() == 1
                && CALL.name().equals(calls.getFirst().name())
                && String.valueOf(JsonText.value(CALL.arguments()))
                        .equals(String.valueOf(JsonText.value(calls.getFirst().arguments())));
    }

    /** The next place where a call may begin. */
    private static int next(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean word = Character.isLetter(c) && !Character.isLetter(text.charAt(at - 1));
            if (c == '{' || c == '<' || c == '[' || c == '>' || word) {
                return at;
            }
        }
        return -1;
    }

    private String render(Map<String, Object> variables) {
        if (template == null) {
            return "";
        }
        Map<String, Object> all = new HashMap<>(variables);
        all.putIfAbsent("add_generation_prompt", true);
        all.putIfAbsent("bos_token", "");
        all.putIfAbsent("eos_token", "");
        all.putIfAbsent("documents", null);
        try {
            return template.render(all, LIMITS, Clock.systemDefaultZone());
        } catch (TextException e) {
            return "";
        }
    }
}
