package dev.snoozy.server.anthropic;

import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.generate.ConstraintFields;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.SamplingFields;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.grammar.Grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for.
 *
 * @param stream whether the answer is sent as it comes
 * @param warnings what is not done as one might think
 * @param documents the passages in the request, if it names a collection
 */
record MessagesAsk(
        ChatRequest request,
        boolean stream,
        List<String> warnings,
        Optional<DocumentChat.Prepared> documents) {
    private static final int MOST_EDITS = 64;
    private static final String BUDGET =
            "thinking.budget_tokens is not enforced: the chat template is told enable_thinking";

    static MessagesAsk read(Fields fields, LanguageModel model, Service service) {
        if (!fields.has("max_tokens")) {
            throw fields.missing("max_tokens");
        }
        return readToCount(fields, model, service);
    }

    /** As {@link #read}, where nobody has to say how long the answer may be. */
    static MessagesAsk readToCount(Fields fields, LanguageModel model, Service service) {
        refuseWhatThereIsNot(fields);
        List<ToolDefinition> tools = MessageTools.tools(fields);
        ToolChoice choice = MessageTools.choice(fields, tools);
        List<String> warnings = new ArrayList<>();
        Map<String, Object> variables = variables(fields, warnings);
        fields.refuse("lora", "expected in requests of llama.cpp and OpenAI only");
        GenerationOptions defaults = service.generation();
        GenerationOptions options =
                TextFields.withStops(
                        defaults.withSampling(
                                        SamplingFields.read(
                                                fields, defaults.sampling(), model.tokenizer()))
                                .withMaxTokens(
                                        fields.integer(
                                                "max_tokens",
                                                1,
                                                Integer.MAX_VALUE,
                                                defaults.maxTokens())),
                        fields,
                        "stop_sequences");
        boolean stream = fields.bool("stream", false);
        List<ChatMessage> said = Generations.asked(() -> MessageFields.messages(fields));
        Optional<DocumentChat.Prepared> documents =
                Generations.asked(() ->
                        DocumentFields.prepare(
                                fields, said, options, service.contextPolicy(), model, service));
        ChatRequest request =
                Generations.asked(() ->
                        ChatRequest.of(DocumentFields.messages(documents, said))
                                .withOptions(ConstraintFields.apply(options, form(fields)))
                                .withTools(tools, choice, MessageTools.parallel(fields))
                                .withContextPolicy(service.contextPolicy())
                                .withTemplateVariables(variables));
        return new MessagesAsk(request, stream, warnings, documents);
    }

    /** The form of the answer, by the newer name or the older. */
    private static Optional<Grammar> form(Fields fields) {
        return fields.fields("output_config")
                .flatMap(config -> ConstraintFields.output(config, "format"))
                .or(() -> ConstraintFields.output(fields, "output_format"));
    }

    /**
     * What would change the answer if it were done. {@code metadata}, {@code service_tier} and
     * {@code cache_control} would not, and are skipped.
     */
    private static void refuseWhatThereIsNot(Fields fields) {
        fields.refuse("mcp_servers", "this server calls no others");
        fields.refuse("container", "this server runs no code");
        fields.fields("context_management").ifPresent(MessagesAsk::refuseEdits);
    }

    /** Clients say this to have nothing cleared, which is how it is here. */
    private static void refuseEdits(Fields management) {
        for (Fields edit : management.objects("edits", MOST_EDITS)) {
            boolean keepsAll =
                    edit.requiredString("type").startsWith("clear_thinking")
                            && edit.any("keep")
                                    .filter(k -> k.asString("").equals("all"))
                                    .isPresent();
            if (!keepsAll) {
                edit.refuse("type", "send the messages that the model shall see");
            }
        }
    }

    /** Thinking is a matter of the chat template: it has a variable for it, if anything. */
    private static Map<String, Object> variables(Fields fields, List<String> warnings) {
        Map<String, Object> variables = new HashMap<>();
        fields.fields("output_config")
                .flatMap(config -> config.string("effort"))
                .ifPresent(effort -> variables.put("reasoning_effort", effort));
        Optional<Fields> thinking = fields.fields("thinking");
        if (thinking.isEmpty()) {
            return variables;
        }
        String type = thinking.get().requiredString("type");
        switch (type) {
            case "enabled" -> variables.put("enable_thinking", true);
            case "disabled" -> variables.put("enable_thinking", false);
            case "adaptive" -> {} // the model decides, as it does when nothing is said
            default ->
                    throw HttpProblem.invalid(
                            "thinking.type",
                            "expected enabled, disabled or adaptive, found " + type);
        }
        if (thinking.get().integer("budget_tokens", 1, Integer.MAX_VALUE).isPresent()) {
            warnings.add(BUDGET);
        }
        return variables;
    }
}
