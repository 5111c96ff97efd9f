package dev.snoozy.server.openai;

import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.generate.ChatFields;
import dev.snoozy.server.generate.ConstraintFields;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.grammar.Grammar;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request to {@code /v1/responses} asks for.
 *
 * @param request to the model
 * @param stream whether the answer is sent as it comes
 * @param echo the fields of the request that an answer repeats
 * @param documents the passages in the request, if it names a collection
 */
record ResponsesAsk(
        ChatRequest request,
        boolean stream,
        ObjectNode echo,
        Optional<DocumentChat.Prepared> documents) {
    private static final int MOST_TOOLS = 256;
    private static final int MOST_INCLUDES = 32;

    /** Reasoning comes as text, which can be sent back as it is: there is nothing to encrypt. */
    private static final String ENCRYPTED = "reasoning.encrypted_content";

    static ResponsesAsk read(Fields fields, LanguageModel model, Service service) {
        refuseWhatIsKept(fields);
        for (String include : fields.strings("include", MOST_INCLUDES)) {
            if (!include.equals(ENCRYPTED)) {
                throw HttpProblem.unsupported("include: " + include, "there is no such part");
            }
        }
        if (fields.integer("top_logprobs", 0, 20, 0) > 0) {
            throw HttpProblem.unsupported("top_logprobs", "ask /v1/chat/completions for them");
        }
        List<ToolDefinition> tools = tools(fields);
        ToolChoice choice = ChatFields.toolChoice(fields, tools);
        ContextPolicy policy = policy(fields, service.contextPolicy());
        GenerationOptions options =
                ConstraintFields.apply(
                        TextFields.options(fields, service.generation(), model), form(fields));
        boolean parallel = fields.bool("parallel_tool_calls", true);
        List<ChatMessage> said = ResponsesInput.read(fields);
        Optional<DocumentChat.Prepared> documents =
                DocumentFields.prepare(fields, said, options, policy, model, service);
        ChatRequest request =
                Generations.asked(() ->
                        ChatRequest.of(DocumentFields.messages(documents, said))
                                .withOptions(options)
                                .withTools(tools, choice, parallel)
                                .withContextPolicy(policy)
                                .withTemplateVariables(variables(fields)));
        return new ResponsesAsk(
                request, fields.bool("stream", false), echo(fields, request), documents);
    }

    /** Nothing is kept from one request to the next. */
    private static void refuseWhatIsKept(Fields fields) {
        String cure = "this server keeps no answers; cure: send the whole conversation as input";
        fields.refuse("previous_response_id", cure);
        fields.refuse("conversation", cure);
        fields.refuse("prompt", "this server keeps no prompts");
        fields.refuse("context_management", "this server keeps no context");
        if (fields.bool("background", false)) {
            throw HttpProblem.unsupported("background", cure);
        }
    }

    /** The form of the answer. */
    private static Optional<Grammar> form(Fields fields) {
        Fields text = fields.fields("text").orElse(new Fields(Json.object()));
        String verbosity = text.string("verbosity").orElse("medium");
        if (!verbosity.equals("medium")) {
            throw HttpProblem.unsupported("text.verbosity: " + verbosity, "say it in words");
        }
        return ConstraintFields.output(text, "format");
    }

    private static List<ToolDefinition> tools(Fields fields) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (Fields tool : fields.objects("tools", MOST_TOOLS)) {
            String type = tool.requiredString("type");
            if (!type.equals("function")) {
                throw HttpProblem.unsupported("tools of type " + type, "functions are");
            }
            tools.add(ChatFields.tool(tool));
        }
        return tools;
    }

    private static ContextPolicy policy(Fields fields, ContextPolicy otherwise) {
        return switch (fields.string("truncation").orElse("")) {
            case "" -> otherwise;
            case "auto" -> ContextPolicy.DROP_OLDEST;
            case "disabled" -> ContextPolicy.REFUSE;
            default ->
                    throw fields.invalid(
                            "truncation",
                            "expected auto or disabled, found "
                                    + fields.requiredString("truncation"));
        };
    }

    private static Map<String, Object> variables(Fields fields) {
        Map<String, Object> variables = new HashMap<>(TemplateVariables.read(fields));
        fields.fields("reasoning")
                .ifPresent(reasoning -> {
                    reasoning
                            .string("effort")
                            .ifPresent(
                                    effort -> variables.putAll(TemplateVariables.effort(effort)));
                    for (String name : List.of("summary", "generate_summary")) {
                        String summary = reasoning.string(name).orElse("auto");
                        if (!summary.equals("auto")) {
                            throw HttpProblem.unsupported(
                                    "reasoning." + name + ": " + summary,
                                    "reasoning is given as it is, not summarized");
                        }
                    }
                });
        return variables;
    }

    private static ObjectNode echo(Fields fields, ChatRequest request) {
        GenerationOptions options = request.options();
        SamplingOptions sampling = options.sampling();
        ObjectNode echo = Json.object();
        echo.put("background", false);
        echo.set("instructions", given(fields, "instructions"));
        echo.set("max_output_tokens", given(fields, "max_output_tokens"));
        echo.set("metadata", fields.any("metadata").orElse(Json.object()));
        echo.put("parallel_tool_calls", request.parallelToolCalls());
        echo.putNull("previous_response_id");
        ObjectNode reasoning = echo.putObject("reasoning");
        reasoning.put(
                "effort",
                fields.fields("reasoning").flatMap(given -> given.string("effort")).orElse(null));
        reasoning.putNull("summary");
        echo.put("store", false);
        echo.put("temperature", sampling.temperature());
        echo.putObject("text").putObject("format").put("type", "text");
        JsonNode choice = given(fields, "tool_choice");
        echo.set("tool_choice", choice.isNull() ? Json.object().textNode("auto") : choice);
        JsonNode tools = given(fields, "tools");
        echo.set("tools", tools.isNull() ? Json.array() : tools);
        echo.put("top_p", sampling.topP());
        boolean refuses = request.contextPolicy() == ContextPolicy.REFUSE;
        echo.put("truncation", refuses ? "disabled" : "auto");
        return echo;
    }

    private static JsonNode given(Fields fields, String name) {
        return fields.any(name).orElse(Json.object().nullNode());
    }
}
