package dev.snoozy.server.openai;

import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.generate.ChatFields;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Seeds;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.text.chat.ToolDefinition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a chat request asks for.
 *
 * @param base the request of the first answer
 * @param count how many answers
 * @param stream whether they are sent as they come
 * @param includeUsage whether a stream ends with the counts of tokens
 * @param logprobs whether tokens are reported with their probabilities
 * @param documents the passages in the request, if it names a collection
 */
record ChatAsk(
        ChatRequest base,
        int count,
        boolean stream,
        boolean includeUsage,
        boolean logprobs,
        Optional<DocumentChat.Prepared> documents) {
    private static final int MOST_ANSWERS = 16;
    private static final int MOST_TOP_LOGPROBS = 20;

    static ChatAsk read(Fields fields, LanguageModel model, Service service) {
        List<ToolDefinition> tools = ChatFields.tools(fields);
        ToolChoice choice = ChatFields.toolChoice(fields, tools);
        boolean logprobs = fields.bool("logprobs", false);
        int top = fields.integer("top_logprobs", 0, MOST_TOP_LOGPROBS, 0);
        if (top > 0 && !logprobs) {
            throw HttpProblem.invalid("top_logprobs", "expected logprobs: true beside it");
        }
        refuseWhatIsNotText(fields);
        GenerationOptions options =
                TextFields.options(fields, service.generation(), model).withAlternatives(top);
        List<ChatMessage> said = ChatFields.messages(fields);
        Optional<DocumentChat.Prepared> documents =
                DocumentFields.prepare(
                        fields, said, options, service.contextPolicy(), model, service);
        List<ChatMessage> messages = DocumentFields.messages(documents, said);
        ChatRequest request =
                ChatRequest.of(messages)
                        .withOptions(options)
                        .withTools(tools, choice, fields.bool("parallel_tool_calls", true))
                        .withContextPolicy(service.contextPolicy())
                        .withSplitReasoning(splitsReasoning(fields, service))
                        .withTemplateVariables(variables(fields));
        return new ChatAsk(
                request,
                fields.integer("n", 1, MOST_ANSWERS, 1),
                fields.bool("stream", false),
                fields.fields("stream_options")
                        .map(given -> given.bool("include_usage", false))
                        .orElse(false),
                logprobs,
                documents);
    }

    private static void refuseWhatIsNotText(Fields fields) {
        fields.refuse("audio", "this server writes text only");
        for (String modality : fields.strings("modalities", 8)) {
            if (!modality.equals("text")) {
                throw HttpProblem.unsupported(
                        "modalities: " + modality, "this server writes text only");
            }
        }
        fields.refuse("prediction", "there is no speculation on a given text");
        fields.refuse("web_search_options", "this server does not search the web");
    }

    private static boolean splitsReasoning(Fields fields, Service service) {
        String format =
                fields.string("reasoning_format")
                        .orElse(service.llamaCpp().splitReasoning() ? "auto" : "none");
        return switch (format) {
            case "auto", "deepseek" -> true;
            case "none" -> false;
            default ->
                    throw HttpProblem.invalid(
                            "reasoning_format", "expected auto, deepseek or none, found " + format);
        };
    }

    /** {@code chat_template_kwargs}, and the effort that some templates know. */
    private static Map<String, Object> variables(Fields fields) {
        return TemplateVariables.read(fields);
    }

    /** The request of an answer: each has its own seed. */
    ChatRequest request(int index) {
        SamplingOptions sampling = Seeds.of(base.options().sampling(), index);
        return base.withOptions(base.options().withSampling(sampling));
    }
}
